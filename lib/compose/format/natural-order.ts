const DIGIT = /\p{Nd}/u;
const LETTER = /\p{L}/u;

interface DigitRun {
  readonly value: number | bigint;
  readonly length: number;
}

/** The number that starts at `at`, without digits a 0. A number as long as nobody writes one wraps as 64 bits do. */
function digitsAt(characters: readonly string[], at: number): DigitRun {
  let end = at;
  while (end < characters.length && DIGIT.test(characters[end] ?? "")) end++;
  const written = characters.slice(at, end).join("");
  if (written === "") return { value: 0, length: 0 };
  const value = /^\d{1,15}$/.test(written) ? Number(written) : /^\d+$/.test(written) ? wrap(BigInt(written)) : 0;
  return { value, length: end - at };
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** Whether the digits right before `at` have one that counts, so that a 0 at `at` is no leading zero. */
function followsNumber(characters: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && DIGIT.test(characters[i] ?? ""); i--) if (characters[i] !== "0") return true;
  return false;
}

function compareSign(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
}

function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const zero = a[at] === "0" || b[at] === "0";
  const [left, right] = [digitsAt(a, at), digitsAt(b, at)];
  if (zero && followsNumber(a, at) && left.length !== right.length) return left.length - right.length;
  if (left.value !== right.value) return left.value < right.value ? -1 : 1;
  if (left.length !== right.length) return left.length - right.length;
  return compareSign(a[at] ?? "", b[at] ?? "");
}

/**
 * The order of keys in Compose's YAML, where `web2` stands before `web10`. The first difference decides: two letters go
 * by their code; of a letter and another sign the other sign is first, behind a digit the letter; everything else goes by the
 * number that starts there.
 */
export function compareNaturally(first: string, second: string): number {
  if (first === second) return 0;
  const [a, b] = [Array.from(first), Array.from(second)];
  let afterDigit = false;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const [left = "", right = ""] = [a[i], b[i]];
    if (left === right) {
      afterDigit = DIGIT.test(left);
      continue;
    }
    const letters = [LETTER.test(left), LETTER.test(right)];
    if (letters[0] && letters[1]) return compareSign(left, right);
    if (letters[0] || letters[1]) return letters[0] === afterDigit ? -1 : 1;
    return compareNumbers(a, b, i);
  }
  return a.length - b.length;
}
