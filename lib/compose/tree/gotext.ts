/** White space as Go's `unicode.IsSpace` has it: it differs from `\s` in U+0085 and U+FEFF. */
export const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function trimRight(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** A text without the signs at its end that are this one. An expression would look through each run of them anew. */
export function withoutEnd(text: string, sign: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === sign) end--;
  return text.slice(0, end);
}

export function trimLeft(text: string): string {
  let start = 0;
  while (start < text.length && SPACE.test(text.charAt(start))) start++;
  return text.slice(start);
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

const UNPRINTABLE = /[\p{C}\p{Z}]/u;

/** Text in double quotes as Go's `%q` writes it. */
export function quote(text: string): string {
  let out = '"';
  for (const char of text) {
    const named = NAMED.get(char);
    const code = char.codePointAt(0) ?? 0;
    if (named !== undefined) out += named;
    else if (char === " " || !UNPRINTABLE.test(char)) out += char;
    else if (code < 0x80) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `${out}"`;
}

/** Whether Go's `strconv.ParseBool` takes a text for true. */
export function isTrueWord(text: string): boolean {
  return /^(?:1|[tT]|true|TRUE|True)$/.test(text);
}

/** A float as Go's `%v` writes it: shortest digits, with an exponent when it is below -4 or from `limit` on. */
export function formatFloat(value: number, limit = 6): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= limit) {
    const sign = exponent < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return value.toFixed(Math.max(0, digits.replace(/[-.]/g, "").length - 1 - exponent));
}

/** The bytewise order of two texts in UTF-8. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const surrogates = x >= 0xd800 && y >= 0xd800 && x < 0xe000 !== y < 0xe000;
    return surrogates ? y - x : x - y;
  }
  return a.length - b.length;
}

/** A float32 in its shortest decimal form, as a number that prints so. */
export function shortestFloat32(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return single;
}
