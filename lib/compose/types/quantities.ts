import { quote } from "../tree/gotext";
import { parseFloatText } from "./casts";

/** A size, a duration or a command line that Compose refuses; the message is Compose's. */
export class QuantityError extends Error {
  override readonly name = "QuantityError";
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["k", 2 ** 10],
  ["m", 2 ** 20],
  ["g", 2 ** 30],
  ["t", 2 ** 40],
  ["p", 2 ** 50],
]);

/** Bytes of `1.5g`, `64 KiB`, `10b`: binary multiples, the fraction cut off. @throws QuantityError */
export function parseSize(size: string): bigint {
  const match = /^([\s\S]*[\d. ])([^\d. ]*)$/.exec(size);
  if (match === null) throw new QuantityError(`invalid size: '${size}'`);
  const [, front = "", suffix = ""] = match;
  const { value, problem } = parseFloatText(front.endsWith(" ") ? front.slice(0, -1) : front, 64);
  if (problem !== undefined || typeof value !== "number") throw new QuantityError(problem ?? `invalid size: '${size}'`);
  if (value < 0) throw new QuantityError(`invalid size: '${size}'`);
  const unit = suffix.toLowerCase();
  if (unit === "" || unit === "b") return toBytes(value);
  const factor = UNITS.get(unit.charAt(0));
  if (factor === undefined || !/^.(?:b|ib)?$/.test(unit)) {
    throw new QuantityError(`invalid suffix: '${suffix.length > 3 ? suffix : unit}'`);
  }
  return toBytes(value * factor);
}

function toBytes(value: number): bigint {
  return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : -(2n ** 63n);
}

const DURATIONS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
  ["d", 86_400_000_000_000n],
  ["w", 604_800_000_000_000n],
]);

const MAX_DURATION = 2n ** 63n - 1n;
/** Digits of the longest duration in nanoseconds. */
const LONGEST_NUMBER = 19;
const PART = /(\d*)(\.?)(\d*)([^\d.]*)/y;

/** Nanoseconds of `1m30s`, `1.5h`, `2d`, `1w`. @throws QuantityError */
export function parseDuration(duration: string): bigint {
  const invalid = () => new QuantityError(`time: invalid duration ${quote(duration)}`);
  const unsigned = duration.replace(/^[-+]/, "");
  if (unsigned === "0") return 0n;
  if (unsigned === "") throw invalid();
  let total = 0n;
  for (let at = 0; at < unsigned.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const [, whole = "", , fraction = "", unit = ""] = PART.exec(unsigned) ?? [];
    if (whole + fraction === "") throw invalid();
    if (unit === "") throw new QuantityError(`time: missing unit in duration ${quote(duration)}`);
    const factor = DURATIONS.get(unit);
    if (factor === undefined) {
      throw new QuantityError(`time: unknown unit ${quote(unit)} in duration ${quote(duration)}`);
    }
    const counted = whole.replace(/^0+/, "");
    if (counted.length > LONGEST_NUMBER) throw invalid();
    total += BigInt(counted === "" ? "0" : counted) * factor;
    // Go leaves out further digits, too: they are less than a nanosecond.
    const digits = fraction.slice(0, LONGEST_NUMBER);
    if (digits !== "") total += (BigInt(digits) * factor) / 10n ** BigInt(digits.length);
    if (total > MAX_DURATION) throw invalid();
  }
  return duration.startsWith("-") ? -total : total;
}

function decimal(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits);
  const fraction = String(value % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return `${value / unit}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Nanoseconds as Go writes a duration: `1m30s`, `36h0m0s`, `1.5ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

const BLANKS: ReadonlySet<string> = new Set([" ", "\t", "\r", "\n"]);
const STOPS: ReadonlySet<string> = new Set([";", "&", "|", "<", ">"]);

/**
 * The words of a command line, by the rules that Compose has for `command: "…"`: what comes behind an unquoted
 * `; & | < >` is dropped, back-ticks and `$(…)` stay as they are.
 *
 * @throws QuantityError for an open quote, a backslash at the end, a bare parenthesis.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let started = false;
  let escaped = false;
  /** The construct that is open: a quote, a back-tick, or `(` for `$(`. */
  let open = "";
  const unbalanced = () => new QuantityError("invalid command line string");
  for (const char of line) {
    if (escaped) {
      word += char;
      escaped = false;
      started = true;
      continue;
    }
    if (char === "\\") {
      if (open === "'") word += char;
      else escaped = true;
      continue;
    }
    if (BLANKS.has(char)) {
      if (open !== "") word += char;
      else if (started) {
        words.push(word);
        word = "";
        started = false;
      }
      continue;
    }
    if ((char === '"' || char === "'") && (open === "" || open === char)) {
      started ||= open === char;
      open = open === char ? "" : char;
      continue;
    }
    if (char === "`" && (open === "" || open === "`")) open = open === "" ? "`" : "";
    else if (char === ")" && (open === "" || open === "(")) open = open === "" ? "(" : "";
    else if (char === "(" && (open === "" || open === "(")) {
      if (open === "(" || !word.endsWith("$")) throw unbalanced();
      open = "(";
    } else if (open === "" && STOPS.has(char)) {
      if (char === ">" && /^\d/.test(word)) started = false;
      break;
    }
    started = true;
    word += char;
  }
  if (started) words.push(word);
  if (escaped || open !== "") throw unbalanced();
  return words;
}
