import type { Behaviour } from "../version";
import { type Cursor, HASH, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isWord, type Mark } from "./cursor";
import { scanError, type YamlError } from "./error";

const URI: ReadonlySet<string> = new Set(";/?:@&=+$.!~*'()");
/** They may stand in a tag between `<` and `>`, and for older releases in every tag. */
const FLOW: ReadonlySet<string> = new Set(",[]");
/** Newer releases take braces there, too. */
const NEWER_FLOW: ReadonlySet<string> = new Set(",[]{}");

const NONE: ReadonlySet<string> = new Set();

const PARSING = "while parsing a tag";
const SCANNING = "while scanning a tag";

function scanUri(cursor: Cursor, start: Mark, flow: ReadonlySet<string>, doing = PARSING): string {
  const from = cursor.pos;
  for (;;) {
    const char = cursor.text.charAt(cursor.pos);
    if (char === "%") skipEscapes(cursor, start, doing);
    else if (isWord(cursor.code()) || URI.has(char) || flow.has(char)) cursor.pos++;
    else break;
  }
  return decodeURIComponent(cursor.text.slice(from, cursor.pos));
}

/** The first byte of a character in UTF-8, from and below, and how many bytes the character has. */
const LENGTHS = [
  [0, 0x80, 1],
  [0xc0, 0xe0, 2],
  [0xe0, 0xf0, 3],
  [0xf0, 0xf8, 4],
] as const;

/** The bytes of one character, each as `%41`. */
function skipEscapes(cursor: Cursor, start: Mark, doing: string): void {
  const fail = (problem: string) => scanError(problem, cursor.mark(), doing, start);
  let left = 1;
  for (let first = true; left > 0; left--, first = false) {
    const [, digits] = /^%([0-9a-fA-F]{2})/.exec(cursor.text.slice(cursor.pos, cursor.pos + 3)) ?? [];
    if (digits === undefined) throw fail("did not find URI escaped octet");
    const octet = Number.parseInt(digits, 16);
    if (first) {
      left = LENGTHS.find(([from, to]) => octet >= from && octet < to)?.[2] ?? 0;
      if (left === 0) throw fail("found an incorrect leading UTF-8 octet");
    } else if (octet < 0x80 || octet >= 0xc0) throw fail("found an incorrect trailing UTF-8 octet");
    cursor.pos += 3;
  }
}

function noUri(cursor: Cursor, start: Mark): YamlError {
  return scanError("did not find expected tag URI", cursor.mark(), PARSING, start);
}

/** `<tag:yaml.org,2002:str>`. */
function scanVerbatim(cursor: Cursor, start: Mark, flow: ReadonlySet<string>): string {
  cursor.pos++;
  const tag = scanUri(cursor, start, flow);
  if (tag === "") throw noUri(cursor, start);
  if (cursor.text[cursor.pos] !== ">") throw scanError("did not find the expected '>'", cursor.mark(), SCANNING, start);
  cursor.pos++;
  return tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
}

/**
 * A tag as the later stages compare it: `!!str` for the core tags in short or long form, `!reset` for a local one, `!`
 * for the non-specific tag. The handle of a `%TAG` directive stays in the text and is resolved by the parser.
 */
export function scanTag(cursor: Cursor, inFlow: boolean, { does }: Behaviour): string {
  const start = cursor.mark();
  const strict = does("refusesSignsInTags");
  /** Whether a value between brackets ends where the cursor is. */
  const ends = () => inFlow && does("readsNewerYaml") && /[,[\]{}]/.test(cursor.text.charAt(cursor.pos));
  cursor.pos++;
  let tag: string;
  if (cursor.code() === 0x3c) tag = scanVerbatim(cursor, start, strict ? NEWER_FLOW : FLOW);
  else {
    tag = `!${scanUri(cursor, start, strict ? NONE : FLOW)}`;
    const char = cursor.text.charAt(cursor.pos);
    if (strict && /[!-~]/.test(char) && !ends()) {
      throw scanError(`found character '${char}' that is not allowed in a YAML tag`, cursor.mark(), PARSING, start);
    }
    if (tag === "!!" || /^![\w-]+!$/.test(tag)) throw noUri(cursor, start);
  }
  if (isBlankOrEnd(cursor.code()) || (ends() && !/[[{]/.test(cursor.text.charAt(cursor.pos)))) return tag;
  throw scanError("did not find expected whitespace or line break", cursor.mark(), SCANNING, start);
}

/** The prefix of YAML's own types; `!!str` is short for it. */
export const CORE = "tag:yaml.org,2002:";

type Fail = (problem: string, doing: string) => YamlError;

const DIRECTIVE = "while scanning a directive";
const VERSION = "while scanning a %YAML directive";
const TAG = "while scanning a %TAG directive";

/** `YAML 1.1` or `TAG ! prefix`, with one blank between the words. */
export function scanDirective(cursor: Cursor, { does }: Behaviour): string {
  const start = cursor.mark();
  const fail: Fail = (problem, doing) => scanError(problem, cursor.mark(), doing, start);
  cursor.pos++;
  const name = scanWord(cursor);
  if (name === "") throw fail("could not find expected directive name", DIRECTIVE);
  if (!isBlankOrEnd(cursor.code())) throw fail("found unexpected non-alphabetical character", DIRECTIVE);
  if (name !== "YAML" && name !== "TAG") throw fail("found unknown directive name", DIRECTIVE);
  cursor.skipBlanks();
  const words =
    name === "YAML"
      ? scanVersion(cursor, fail)
      : scanHandle(cursor, start, does("refusesSignsInTags") ? NEWER_FLOW : FLOW, fail);
  cursor.skipBlanks();
  if (cursor.code() === HASH) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) throw fail("did not find expected comment or line break", DIRECTIVE);
  if (isBreak(cursor.code())) cursor.skipBreak();
  return `${name} ${words}`;
}

function scanWord(cursor: Cursor): string {
  const from = cursor.pos;
  while (isWord(cursor.code())) cursor.pos++;
  return cursor.text.slice(from, cursor.pos);
}

function scanVersion(cursor: Cursor, fail: Fail): string {
  const major = scanNumber(cursor, fail);
  if (cursor.text[cursor.pos] !== ".") throw fail("did not find expected digit or '.' character", VERSION);
  cursor.pos++;
  return `${major}.${scanNumber(cursor, fail)}`;
}

function scanNumber(cursor: Cursor, fail: Fail): number {
  const from = cursor.pos;
  while (/\d/.test(cursor.text.charAt(cursor.pos))) {
    if (cursor.pos - from === 9) throw fail("found extremely long version number", VERSION);
    cursor.pos++;
  }
  if (cursor.pos === from) throw fail("did not find expected version number", VERSION);
  return Number(cursor.text.slice(from, cursor.pos));
}

/** `!` or `!name!`, and what it stands for. */
function scanHandle(cursor: Cursor, start: Mark, flow: ReadonlySet<string>, fail: Fail): string {
  const doing = "while parsing a %TAG directive";
  if (cursor.text[cursor.pos] !== "!") throw fail("did not find expected '!'", doing);
  cursor.pos++;
  let handle = `!${scanWord(cursor)}`;
  if (cursor.text[cursor.pos] === "!") {
    cursor.pos++;
    handle += "!";
  } else if (handle !== "!") throw fail("did not find expected '!'", doing);
  if (!isBlank(cursor.code())) throw fail("did not find expected whitespace", TAG);
  cursor.skipBlanks();
  const prefix = scanUri(cursor, start, flow, doing);
  if (prefix === "") throw fail("did not find expected tag URI", doing);
  if (!isBlankOrEnd(cursor.code())) throw fail("did not find expected whitespace or line break", TAG);
  return `${handle} ${prefix}`;
}
