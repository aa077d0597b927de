import { type Cursor, isBlankOrEnd, isBreak, isBreakOrEnd, isWord, type Mark, yamlError } from "./cursor";

const URI: ReadonlySet<string> = new Set(";/?:@&=+$,.!~*'()[]%");

function scanUri(cursor: Cursor, start: Mark, required: boolean): string {
  const from = cursor.pos;
  while (isWord(cursor.code()) || URI.has(cursor.text.charAt(cursor.pos))) cursor.pos++;
  const written = cursor.text.slice(from, cursor.pos);
  if (written === "" && required) throw yamlError("scan", "did not find expected tag URI", cursor.mark(), start);
  try {
    return decodeURIComponent(written);
  } catch {
    throw yamlError("scan", "did not find URI escaped octet", cursor.mark(), start);
  }
}

/**
 * A tag as the later stages compare it: `!!str` for the core tags in short or long form, `!reset` for a local one, `!`
 * for the non-specific tag. The handle of a `%TAG` directive stays in the text and is resolved by the parser.
 */
export function scanTag(cursor: Cursor): string {
  const start = cursor.mark();
  let tag: string;
  if (cursor.code(1) === 0x3c) {
    cursor.pos += 2;
    tag = scanUri(cursor, start, true);
    if (cursor.text[cursor.pos] !== ">") {
      throw yamlError("scan", "did not find the expected '>'", cursor.mark(), start);
    }
    cursor.pos++;
    tag = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
  } else {
    cursor.pos++;
    const rest = scanUri(cursor, start, false);
    if (rest === "!" || /^[\w-]+!$/.test(rest)) {
      throw yamlError("scan", "did not find expected tag URI", cursor.mark(), start);
    }
    tag = `!${rest}`;
  }
  if (!isBlankOrEnd(cursor.code())) {
    throw yamlError("scan", "did not find expected whitespace or line break", cursor.mark(), start);
  }
  return tag;
}

/** The prefix of YAML's own types; `!!str` is short for it. */
export const CORE = "tag:yaml.org,2002:";

/** `YAML 1.1` or `TAG ! prefix`, with one blank between the words. */
export function scanDirective(cursor: Cursor): string {
  const start = cursor.mark();
  cursor.pos++;
  const from = cursor.pos;
  while (isWord(cursor.code())) cursor.pos++;
  const name = cursor.text.slice(from, cursor.pos);
  const fail = (problem: string) => yamlError("scan", problem, cursor.mark(), start);
  if (name === "") throw fail("could not find expected directive name");
  if (!isBlankOrEnd(cursor.code())) throw fail("found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") throw fail("found unknown directive name");
  const argumentsFrom = cursor.pos;
  while (!isBreakOrEnd(cursor.code()) && !(cursor.code() === 0x23 && isBlankOrEnd(cursor.code(-1)))) cursor.pos++;
  const words = cursor.text.slice(argumentsFrom, cursor.pos).trim();
  cursor.skipToBreak();
  if (name === "YAML" && !/^\d{1,2}\.\d{1,2}$/.test(words)) throw fail("did not find expected version number");
  if (name === "TAG" && !/^!([\w-]*!)?[ \t]+\S+$/.test(words)) throw fail("did not find expected whitespace");
  if (isBreak(cursor.code())) cursor.skipBreak();
  return `${name} ${words.replace(/[ \t]+/, " ")}`;
}
