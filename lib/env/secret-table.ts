/** What in a text is compared: the text without spaces around it and in small letters. */
export interface SecretTable {
  /** Spaces, wherever they come from: a class of a pattern. */
  readonly spaces: string;
  /** What people vary in a word beside capitals: spaces, punctuation, control characters. A class. */
  readonly ignored: string;
  /** Parts of texts that stand in templates and guides until somebody puts a value in their place. */
  readonly placeholders: readonly string[];
  /** Nothing but these words: what people write when they have to write a secret. */
  readonly words: readonly string[];
  /** Rows of digits, and one character over and over. */
  readonly sequence: string;
  /** Digits that stand for letters. */
  readonly lookalikes: Readonly<Record<string, string>>;
  /** Digits that people put at the end of a word, at most. */
  readonly mostDigits: number;
  /** Longer than any guess; longer texts are not looked through. */
  readonly longestGuess: number;
  /** Bits of a secret below which machines guess it. */
  readonly weakBits: number;
  /** A secret of fewer different characters is typed in, not drawn. */
  readonly fewestCharacters: number;
  /** Kinds of characters, and how many of each there are. */
  readonly alphabets: readonly (readonly [kind: string, size: number])[];
}

/**
 * How strong a secret must be. As data, because two programs go by it: the check of an `.env`, and the entrypoint of an
 * image, in Python. Patterns are of what both languages read alike: no `\w`, `\s`, `\d` or `\p{…}`, and `^`, `$` only for
 * texts without line breaks at their ends.
 */
export const SECRET_TABLE: SecretTable = {
  spaces: "[\\t-\\r \\u001c-\\u001f\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]",
  ignored:
    "[\\u0000-/:-@\\[-`{-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u1680\\u2000-\\u206f\\u3000-\\u303f\\ufeff]",
  placeholders: [
    "(?<![a-z])(?:change|replace|fill)[^a-z0-9]?(?:me|this|it|in)(?![a-z])",
    "(?<![a-z])your[^a-z0-9]?(?:domain|host|server|company|organi[sz]ation|university|e-?mail|name|key|token|secret|password)",
    "(?<![a-z])your[-_ ](?:[a-z0-9]+[-_ ]){1,3}(?:key|token|secret|password)(?![a-z])",
    "(?:^|[.@/])example\\.(?:com|org|net)(?=$|[:/])|\\.example(?=$|[:/])",
    "^[^a-z0-9]*(?:example|placeholder|password|secret|todo|tbd|fixme|undefined|x{3,})[^a-z0-9]*$",
    "^(?:[a-z]{2,4}[^a-z0-9])?(?:x{3,}|[.]{3})$|^[a-z]{2,4}[^a-z0-9]?[.]{3}$",
    "^<[^<>]*>$",
  ],
  words: [
    ..."password passwd pass passphrase pwd pw secret secrets key apikey token jwt bearer salt hash".split(" "),
    ..."admin administrator root user guest test testing demo dev development default sample example dummy temp".split(
      " ",
    ),
    ..."my our the this is super strong very random long new top api server system webui openwebui postgres".split(" "),
    ..."letmein welcome qwerty qwertyuiop asdf hello love iloveyou monkey dragon login access master public private".split(
      " ",
    ),
    ..."foo bar baz abc abcd abcdef abcdefgh changeme hunter trustno correct horse battery staple".split(" "),
  ],
  sequence: "(?:0?1234567890?|0?123456789?|12345678?|123456?|1234?|987654321|([^\\n\\r])\\1*)",
  lookalikes: { 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t" },
  mostDigits: 6,
  longestGuess: 64,
  weakBits: 64,
  fewestCharacters: 5,
  alphabets: [
    ["[0-9]", 10],
    ["[a-z]", 26],
    ["[A-Z]", 26],
    ["[^0-9A-Za-z]", 33],
  ],
};
