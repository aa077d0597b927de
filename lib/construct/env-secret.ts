/** Longer than any guess; longer texts are not looked through. */
const LONGEST_GUESS = 64;
/** Bits of a secret below which machines guess it. */
const WEAK_BITS = 64;
/** A secret of so few different signs is typed in, not drawn. */
const FEWEST_SIGNS = 5;

/** Texts that stand in templates and guides until somebody puts a value in their place. All in small letters. */
const PLACEHOLDERS: readonly RegExp[] = [
  /(?<![a-z])(?:change|replace|fill)[\W_]?(?:me|this|it|in)(?![a-z])/,
  /(?<![a-z])your[\W_]?(?:domain|host|server|company|organi[sz]ation|university|e-?mail|name|key|token|secret|password)/,
  /(?:^|[.@/])example\.(?:com|org|net)(?=$|[:/])|\.example(?=$|[:/])/,
  /^\W*(?:example|placeholder|password|secret|todo|tbd|fixme|undefined|x{3,})\W*$/,
  /^<[^<>]*>$/,
];

/** Nothing but these words: what people write when they have to write a secret. */
const WORDS = [
  ..."password passwd pass passphrase pwd pw secret secrets key apikey token jwt bearer salt hash".split(" "),
  ..."admin administrator root user guest test testing demo dev development default sample example dummy temp".split(
    " ",
  ),
  ..."my our the this is super strong very random long new top api server system webui openwebui postgres".split(" "),
  ..."letmein welcome qwerty qwertyuiop asdf hello love iloveyou monkey dragon login access master public private".split(
    " ",
  ),
  ..."foo bar baz abc abcd abcdef abcdefgh changeme hunter trustno correct horse battery staple".split(" "),
];
const WORDS_ONLY = new RegExp(`^(?:${WORDS.join("|")})+$`);
const SEQUENCE = /^(?:0?1234567890?|0?123456789?|12345678?|123456?|1234?|987654321|(.)\1*)$/;
/** Digits that stand for letters. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  Object.entries({ 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" }),
);
/** Digits that people put at the end of a word. */
const MOST_DIGITS = 6;

const ALPHABETS: readonly { readonly of: RegExp; readonly size: number }[] = [
  { of: /[0-9]/, size: 10 },
  { of: /[a-z]/, size: 26 },
  { of: /[A-Z]/, size: 26 },
  { of: /[^0-9A-Za-z]/, size: 33 },
];

/** The letters and digits of a value, without what people vary: capitals, spaces and punctuation. */
function squeezed(value: string): string {
  return value.toLowerCase().replace(/[\p{P}\p{S}\p{Z}\s]/gu, "");
}

/** Whether two values are the same but for capitals, spaces and punctuation. */
export function isAlike(one: string, other: string): boolean {
  const bare = squeezed(one);
  return one === other || (bare !== "" && bare === squeezed(other));
}

/** Whether a value is one that a template leaves to be replaced. */
export function isPlaceholder(value: string): boolean {
  const small = value.trim().toLowerCase();
  return PLACEHOLDERS.some((placeholder) => placeholder.test(small));
}

/** Whether a secret is made of the words that everybody tries first, with a few digits at most. */
export function isGuess(value: string): boolean {
  const bare = squeezed(value);
  if (bare.length > LONGEST_GUESS) return false;
  const lettersOnly = bare.replace(/\d/g, "");
  const read = bare.replace(/\d/g, (digit) => LOOKALIKES.get(digit) ?? digit);
  const fewDigits = bare.length - lettersOnly.length <= MOST_DIGITS;
  return SEQUENCE.test(bare) || WORDS_ONLY.test(read) || (fewDigits && WORDS_ONLY.test(lettersOnly));
}

/** Whether a secret is too short, or of too few different signs, to withstand guessing by machine. */
export function isWeak(value: string): boolean {
  const size = ALPHABETS.reduce((sum, alphabet) => (alphabet.of.test(value) ? sum + alphabet.size : sum), 0);
  return value.length * Math.log2(Math.max(size, 1)) < WEAK_BITS || new Set(value).size < FEWEST_SIGNS;
}
