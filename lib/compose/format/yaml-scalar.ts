import { formatFloat, shortestFloat32 } from "../tree/gotext";
import { resolveScalar } from "../yaml/resolve";
import type { Float } from "./render-json";

/** Words that YAML 1.1 took for booleans, and its numbers of base 60. */
const OLD_BOOLEANS: ReadonlySet<string> = new Set("y Y yes Yes YES on On ON n N no No NO off Off OFF".split(" "));
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Signs that no plain text begins with. */
const INDICATORS: ReadonlySet<string> = new Set("#,[]{}&*!|>'\"%@`");
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\ufeff/u;
const BREAK = /[\n\r\u0085\u2028\u2029]/;

function isString(text: string): boolean {
  try {
    return resolveScalar(text, "", true).type === "string";
  } catch {
    return true;
  }
}

/** Whether a text without tabs and line breaks needs no quotes. */
function allowsPlain(text: string): boolean {
  if (text.startsWith("---") || text.startsWith("...") || INDICATORS.has(text.charAt(0))) return false;
  return !/^ | $|^[?:-](?:\s|$)|: |:$|\s#/.test(text);
}

function doubleQuoted(text: string): string {
  let out = '"';
  for (const char of text) {
    const known = DOUBLE_ESCAPES.get(char);
    const code = char.codePointAt(0) ?? 0;
    if (known !== undefined) out += known;
    else if (!UNPRINTABLE.test(char)) out += char;
    else {
      const [mark, digits] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : (["U", 8] as const);
      out += `\\${mark}${code.toString(16).toUpperCase().padStart(digits, "0")}`;
    }
  }
  return `${out}"`;
}

const DOUBLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\x1b", "\\e"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\u0085", "\\N"],
  ["\u00a0", "\\_"],
  ["\u2028", "\\L"],
  ["\u2029", "\\P"],
  ["\ufeff", "\\uFEFF"],
]);

function literal(text: string, indent: string, leads: RegExp): string {
  const lead = leads.test(text) ? "2" : "";
  const chomp = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") || text === "\n" ? "+" : "";
  const lines = text.replace(/\n$/, "").split("\n");
  const body = lines.map((line) => (line === "" ? "" : `${indent}${line}`)).join("\n");
  return `|${lead}${chomp}\n${body}`;
}

/** Behind this column newer versions of Compose break a line, at the next blank. */
const WIDTH = 80;

/** A scalar that starts at a column, over as many lines as Compose writes it on. */
export function folded(scalar: string, indent: string, start: number): string {
  if (start + scalar.length <= WIDTH || scalar.includes("\n")) return scalar;
  const quote = /^["']/.exec(scalar)?.[0];
  const chars = [...scalar];
  const last = chars.length - (quote === undefined ? 1 : 2);
  let out = "";
  let column = start;
  let inBlanks = false;
  for (const [at, char] of chars.entries()) {
    const blank = char === " ";
    const next = chars[at + 1] === " ";
    const inside = quote === undefined || (at > 1 && at < last);
    if (blank && !inBlanks && column > WIDTH && inside && (quote === '"' || !next)) {
      out += `\n${indent}${next ? "\\" : ""}`;
      column = indent.length + (next ? 1 : 0);
    } else {
      out += char;
      column++;
    }
    inBlanks = blank;
  }
  return out;
}

/** How releases lay YAML out differently. */
export interface YamlLayout {
  /** Lines are broken behind column 80, and `<<` has quotes. @default false */
  readonly breaksLines?: boolean;
  /** Words that only older readers take for something else get single quotes. @default false */
  readonly quotesSingly?: boolean;
  /** A text of several lines is written as such when it has blanks at ends of lines, too. @default false */
  readonly keepsBlanks?: boolean;
}

/** A text, or a key, as a scalar. */
export function yamlText(text: string, indent: string, isKey: boolean, layout: YamlLayout): string {
  const { breaksLines = false, quotesSingly = false, keepsBlanks = false } = layout;
  if (UNPRINTABLE.test(text) || /[\u0085\u2028\u2029\r]/.test(text)) return doubleQuoted(text);
  if (text.includes("\n")) {
    const hasTabs = text.includes("\t", 1);
    if (isKey || hasTabs || (!keepsBlanks && / (?:\n|$)/.test(text))) return doubleQuoted(text);
    return literal(text, indent, keepsBlanks ? /^\n*[ \t]/ : breaksLines ? /^ / : /^[ \n]/);
  }
  if (!isString(text)) return doubleQuoted(text);
  const old = OLD_BOOLEANS.has(text) || BASE_60.test(text);
  if (old || (breaksLines && text === "<<")) return quotesSingly ? singleQuoted(text) : doubleQuoted(text);
  if (text.includes("\t")) return doubleQuoted(text);
  return allowsPlain(text) ? text : singleQuoted(text);
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function yamlFloat({ value, bits }: Float): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return formatFloat(bits === 32 ? shortestFloat32(value) : value);
}

/** The most bytes of a key that stands before its `:`. */
const LONGEST_KEY = 128;

/** Whether a key stands before its `:`, and not behind `?`. */
export function isSimpleKey(key: string): boolean {
  if (key.length * 3 <= LONGEST_KEY) return !BREAK.test(key);
  return !BREAK.test(key) && new TextEncoder().encode(key).length <= LONGEST_KEY;
}
