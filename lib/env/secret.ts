import { SECRET_TABLE } from "./secret-table";

const { lookalikes, mostDigits, longestGuess, weakBits, fewestCharacters } = SECRET_TABLE;
const SPACES_AROUND = new RegExp(`^${SECRET_TABLE.spaces}+|(?<!${SECRET_TABLE.spaces})${SECRET_TABLE.spaces}+$`, "gu");
const IGNORED = new RegExp(SECRET_TABLE.ignored, "gu");
const PLACEHOLDERS = SECRET_TABLE.placeholders.map((pattern) => new RegExp(pattern, "u"));
const WORDS_ONLY = new RegExp(`^(?:${SECRET_TABLE.words.join("|")})+$`, "u");
const SEQUENCE = new RegExp(`^${SECRET_TABLE.sequence}$`, "u");
const ALPHABETS = SECRET_TABLE.alphabets.map(([kind, size]) => ({ of: new RegExp(kind, "u"), size }));

/** The letters and digits of a value, without what people vary: capitals, spaces and punctuation. */
function squeezed(value: string): string {
  return value.toLowerCase().replace(IGNORED, "");
}

/** Whether two values are the same but for capitals, spaces and punctuation. */
export function isAlike(one: string, other: string): boolean {
  const bare = squeezed(one);
  return one === other || (bare !== "" && bare === squeezed(other));
}

/** Whether a value is one that a template leaves to be replaced. */
export function isPlaceholder(value: string): boolean {
  const small = value.replace(SPACES_AROUND, "").toLowerCase();
  return PLACEHOLDERS.some((placeholder) => placeholder.test(small));
}

/** Whether a secret is made of the words that everybody tries first, with a few digits at most. */
export function isGuess(value: string): boolean {
  const bare = squeezed(value);
  const { length } = [...bare];
  if (length > longestGuess) return false;
  const lettersOnly = bare.replace(/[0-9]/g, "");
  const read = bare.replace(/[0-9]/g, (digit) => lookalikes[digit] ?? digit);
  const fewDigits = length - [...lettersOnly].length <= mostDigits;
  return SEQUENCE.test(bare) || WORDS_ONLY.test(read) || (fewDigits && WORDS_ONLY.test(lettersOnly));
}

/** Whether a secret is nothing but spaces and punctuation, too short, or of too few different characters to withstand guessing by machine. */
export function isWeak(value: string): boolean {
  const size = ALPHABETS.reduce((sum, alphabet) => (alphabet.of.test(value) ? sum + alphabet.size : sum), 0);
  const characters = [...value];
  return characters.length * Math.log2(Math.max(size, 1)) < weakBits || new Set(characters).size < fewestCharacters;
}
