import { escapeHidden, hasHidden } from "./text";

/** What a character can be to a plain scalar, as bits. */
const INSIDE = 1;
const START = 2;
const DIGIT = 4;
/** Occurs in no number, date or time of any reader. */
const WORD = 8;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The bits of each ASCII character; one without bits makes quotes necessary. */
const ROLES = roles([
  [INSIDE, ` !"#%&'()*+,-.:;<=>?@[\\]^_\`{|}~0123456789/$${LETTERS}`],
  [START, `/$${LETTERS}`],
  [DIGIT, "0123456789"],
  [WORD, "/$ghijklmnqrsuvwyGHIJKLMNQRSUVWY"],
]);

function roles(rows: readonly (readonly [bits: number, characters: string])[]): Uint8Array {
  const table = new Uint8Array(128);
  for (const [bits, characters] of rows) {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      table[code] = (table[code] ?? 0) | bits;
    }
  }
  return table;
}

/** What YAML 1.1 or 1.2 takes for a boolean, for nothing or for a number, in any spelling. */
const RESERVED: ReadonlySet<string> = new Set([
  "y",
  "n",
  "yes",
  "no",
  "on",
  "off",
  "true",
  "false",
  "null",
  "inf",
  "nan",
]);
const LONGEST_RESERVED = 5;

/** A start with `.` or `_` that is no number, no `.inf`, no `.nan` and no end of a document. */
const PATH_OR_NAME = /^(?:\.{1,2}\/|\.(?!inf$|nan$)(?:[a-df-z]|e[a-z])|_+[a-z])/i;
/** An exponent without a number before it, which npm `yaml` takes for a float of YAML 1.1. */
const BARE_EXPONENT = /^e[-+]?[\d_]+$/i;
const SURROGATE = /[\ud800-\udfff]/;

const SPACE = 32;
const HASH = 35;
const COLON = 58;
const UPPER_E = 69;
const LOWER_E = 101;

/**
 * Whether YAML 1.1 and 1.2 readers, go-yaml, js-yaml and PyYAML all take a text for that same string when it stands
 * without quotes. The answer is stricter than any one of them needs: `no` where one of them could take it for a number, a
 * boolean or a date.
 */
export function isPlain(text: string): boolean {
  const { length } = text;
  if (length <= LONGEST_RESERVED && (length === 0 || RESERVED.has(text.toLowerCase()))) return false;
  let all = 0;
  let colon = false;
  let ascii = true;
  let before = SPACE;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 126) {
      if (ascii && (hasHidden(text) || SURROGATE.test(text))) return false;
      ascii = false;
    } else {
      const role = ROLES[code] ?? 0;
      if (role === 0) return false;
      all |= role;
      if (code === COLON) colon = true;
      else if (code === SPACE) {
        if (before === COLON || index === 0) return false;
      } else if (code === HASH && before === SPACE) return false;
    }
    before = code;
  }
  if (before === SPACE || before === COLON) return false;
  const first = text.charCodeAt(0);
  const role = first > 126 ? START : (ROLES[first] ?? 0);
  if ((role & START) !== 0) return (first !== UPPER_E && first !== LOWER_E) || !BARE_EXPONENT.test(text);
  // A digit and a colon: a port or a time. All of them get quotes, so that the items of a list of ports look alike.
  if ((role & DIGIT) !== 0) return !colon && (all & WORD) !== 0;
  return PATH_OR_NAME.test(text);
}

const BEYOND_ASCII = /[^ -~]/;

/** A text in double quotes, with only the escapes that YAML 1.1, YAML 1.2 and JSON share. */
export function quote(text: string): string {
  const json = JSON.stringify(text);
  return BEYOND_ASCII.test(json) ? escapeHidden(json) : json;
}

/**
 * What a literal block cannot show or what does not survive an editor: a first line that is empty or starts with a tab, blanks at the end
 * of a line, more than one line break at the end.
 */
const UNFIT = /^[\n\t]|[ \t](?:\n|$)|\n\n$/;

/**
 * The start of a literal block (`|`, `|-`, with an indentation indicator where the text starts with a space), or
 * `undefined` when the text must be quoted.
 */
export function literalHeader(text: string): string | undefined {
  if (!text.includes("\n") || UNFIT.test(text) || hasHidden(text)) return undefined;
  return `|${text.startsWith(" ") ? "2" : ""}${text.endsWith("\n") ? "" : "-"}`;
}

const EXACT = 2 ** 53;
const EXPONENT_FROM = 1e21;

/**
 * A finite number, so that every reader reads the same: PyYAML wants a point before an exponent, and a whole number
 * beyond 2^53 is exact in Python and Go, so that its digits must be.
 */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size >= EXACT && size < EXPONENT_FROM) return BigInt(value).toString();
  const text = String(value);
  const exponent = text.indexOf("e");
  return exponent === -1 || text.includes(".") ? text : `${text.slice(0, exponent)}.0${text.slice(exponent)}`;
}
