const WORDS: Readonly<Record<string, readonly string[]>> = {
  object: ["a mapping"],
  array: ["a list"],
  string: ["a string"],
  number: ["a number"],
  integer: ["a whole number"],
  boolean: ["true", "false"],
  null: ["nothing"],
};

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

const FIRST = ["boolean"];
const LAST = ["null"];

/** The types that the schema takes, as people say them. */
export function accepted(types: readonly string[]): string {
  const middle = types.filter((type) => ![...FIRST, ...LAST].includes(type));
  const ordered = [
    ...FIRST.filter((type) => types.includes(type)),
    ...middle,
    ...LAST.filter((type) => types.includes(type)),
  ];
  return anyOf(ordered.flatMap((type) => WORDS[type] ?? [type]));
}

/** What a value is, without saying it: it may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "boolean") return "true or false";
  if (typeof value === "number") return kindOfNumber(value);
  return `a ${typeof value}`;
}

function kindOfNumber(value: number): string {
  if (!Number.isFinite(value)) return "a number that is not finite";
  return Number.isInteger(value) ? "a number" : "a number with a fraction";
}

/** What to do, by the one type that is wanted and by what is there. */
const REMEDIES: readonly (readonly [want: string, got: RegExp, fix: string])[] = [
  ["string", /^(a number|a bigint|true or false|a date)/, "put the value in quotes"],
  ["array", /^(a string|a mapping|a number|true or false)/, "write it as a list, with `- ` before each item"],
  ["object", /^(a string|a list|a number|true or false)/, "write it as a mapping: `key: value`"],
  ["integer", /^a number with a fraction/, "write a whole number"],
  ["integer", /^a string/, "write the number without quotes"],
  ["number", /^a string/, "write the number without quotes"],
  ["boolean", /^a string/, "write true or false without quotes"],
];

/** How to repair a value of a wrong type. */
export function remedy(types: readonly string[], value: unknown): string {
  const got = kindOf(value);
  const wanted = types.filter((type) => type !== "null");
  const [want, ...others] = wanted;
  const row = REMEDIES.find(([type, kind]) => type === want && others.length === 0 && kind.test(got));
  if (row !== undefined) return row[2];
  return `write ${accepted(wanted)}${got === "nothing" ? ", or leave it out" : ""}`;
}
