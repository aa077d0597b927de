import type { ScalarType } from "../tree/node";

export interface Resolved {
  readonly type: ScalarType;
  readonly value: string | number | bigint | boolean | null;
}

/** Words that are not strings when they stand plain. `yes`, `no`, `on` and `off` are strings in YAML 1.2. */
const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, Resolved] => [word, { type: "null", value: null }]),
  ...["true", "True", "TRUE"].map((word): [string, Resolved] => [word, { type: "bool", value: true }]),
  ...["false", "False", "FALSE"].map((word): [string, Resolved] => [word, { type: "bool", value: false }]),
  ...[".nan", ".NaN", ".NAN"].map((word): [string, Resolved] => [word, { type: "float", value: Number.NaN }]),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word): [string, Resolved] => [
    word,
    { type: "float", value: Number.POSITIVE_INFINITY },
  ]),
  ...["-.inf", "-.Inf", "-.INF"].map((word): [string, Resolved] => [
    word,
    { type: "float", value: Number.NEGATIVE_INFINITY },
  ]),
]);

const INT = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?(Z|[-+]\d{2}:\d{2})?)?$/;
/** Digits of 64 bits, in twos and with their sign. */
const LONGEST_INTEGER = 66;
const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** An integer with Go's prefixes, a leading zero being octal; `undefined` when it is none or does not fit 64 bits. */
function parseInteger(plain: string): number | bigint | undefined {
  const match = INT.exec(plain);
  if (match === null) return undefined;
  const [, sign, digits = ""] = match;
  if (digits.replace(/^0[xXbBoO]?0*/, "").length > LONGEST_INTEGER) return undefined;
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const magnitude = BigInt(octal.toLowerCase());
  const value = sign === "-" ? -magnitude : magnitude;
  if (value > MAX_UINT64 || value < MIN_INT64) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A date, or a date with a time, as RFC 3339. */
function parseTime(text: string): string | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", separator, hour, minute, second, fraction, zone] = match;
  if (separator === " " ? zone !== undefined : separator !== undefined && zone === undefined) return undefined;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const lastDay = new Date(Date.UTC(y === 0 ? 400 : y, m, 0)).getUTCDate();
  if (m < 1 || m > 12 || d < 1 || d > lastDay) return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return undefined;
  const two = (part: string | undefined) => (part ?? "0").padStart(2, "0");
  const digits = (fraction ?? "").replace(/0+$/, "");
  const offset = zone === undefined || zone === "+00:00" ? "Z" : zone;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${digits === "" ? "" : `.${digits}`}${offset}`;
}

/** No word with a meaning of its own is longer, or begins with another sign. */
const LONGEST_WORD = 5;

function resolvePlain(text: string): Resolved {
  if (text.length > LONGEST_WORD && !/^[-+.\d]/.test(text)) return { type: "string", value: text };
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  if (!numeric) return { type: "string", value: text };
  const time = parseTime(text);
  if (time !== undefined) return { type: "time", value: time };
  const plain = text.replaceAll("_", "");
  const integer = first === 0x2e ? undefined : parseInteger(plain);
  if (integer !== undefined) return { type: "int", value: integer };
  if (FLOAT.test(first === 0x2e ? text : plain)) {
    const value = Number(plain);
    if (Number.isFinite(value)) return { type: "float", value };
  }
  return { type: "string", value: text };
}

const TYPE_TAGS: ReadonlyMap<string, ScalarType> = new Map<string, ScalarType>([
  ["!!null", "null"],
  ["!!bool", "bool"],
  ["!!int", "int"],
  ["!!float", "float"],
  ["!!timestamp", "time"],
]);

/** The tag of YAML that each type has. */
export const TAG_NAMES: Readonly<Record<ScalarType, string>> = {
  null: "!!null",
  bool: "!!bool",
  int: "!!int",
  float: "!!float",
  float32: "!!float",
  string: "!!str",
  time: "!!timestamp",
};

/** A value that is not of the type that its tag names. */
export class ScalarError extends Error {
  override readonly name = "ScalarError";
  constructor(
    message: string,
    /** The part of Compose's reader that finds it. */
    readonly stage: "constructor" | "resolver",
  ) {
    super(message);
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What a scalar is worth. A local tag (`!foo`) makes a string of it. @throws ScalarError */
export function resolveScalar(text: string, tag: string, plain: boolean): Resolved {
  if (tag === "" || tag === "!") return plain ? resolvePlain(text) : { type: "string", value: text };
  if (tag === "!!binary") {
    const packed = text.replace(/[\r\n]/g, "");
    if (!BASE64.test(packed)) throw new ScalarError("!!binary value contains invalid base64 data", "constructor");
    const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
    return { type: "string", value: new TextDecoder().decode(bytes) };
  }
  const wanted = TYPE_TAGS.get(tag);
  if (wanted === undefined) return { type: "string", value: text };
  const found = resolvePlain(text);
  if (found.type === wanted) return found;
  if (wanted === "float" && found.type === "int") return { type: "float", value: Number(found.value) };
  throw new ScalarError(`cannot decode ${TAG_NAMES[found.type]} \`${text}\` as a ${tag}`, "resolver");
}
