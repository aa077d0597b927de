import { EnvVar, type EnvVarProps } from "../../construct/env-var";
import { VALUE_KINDS, type ValueKind } from "../../env/value-kinds";
import { PUBLIC_SECRETS } from "../facts/public-secrets";

/** What there is to say of a variable beside its meaning. */
export type Details = Omit<EnvVarProps, "meaning" | "group">;

/** The variables in the order in which they were made: a module has its exports by their names. */
const made = new Map<EnvVar, number>();

/** Makes the variables of one heading of the template. */
export function group(name: string) {
  return (variable: string, meaning: string, details: Details = {}) => {
    const one = new EnvVar(variable, { meaning, group: name, ...details });
    made.set(one, made.size);
    return one;
  };
}

/** The variables of a module, in the order of its text. */
export function inOrder(module: Readonly<Record<string, EnvVar>>): Readonly<Record<string, EnvVar>> {
  const place = ([, variable]: readonly [string, EnvVar]) => made.get(variable) ?? made.size;
  return Object.fromEntries(Object.entries(module).sort((one, other) => place(one) - place(other)));
}

/** What the deployment must keep secret. */
export const secret: Details = { required: true, secret: true, refused: PUBLIC_SECRETS };

type Kind = NonNullable<Details["type"]>;

/** What the container's own check demands of a value, too. */
function fits(kind: ValueKind): [pattern: RegExp, reason: string] {
  const [pattern, reason] = VALUE_KINDS[kind];
  return [new RegExp(`^(?:${pattern})$`), reason];
}

export const port: Kind = (z) =>
  z.string().refine((text) => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535, "must be a port from 1 to 65535");
export const url: Kind = (z) => z.string().regex(...fits("address"));
/** A program puts names behind it, whether or not a `/` is there. */
export const folderUrl: Kind = (z) => {
  const [address] = VALUE_KINDS.address;
  return z.string().regex(new RegExp(`^(?:${address})/?$`), "must be an address such as https://uni.edu/news/");
};
export const flag: Kind = (z) => z.string().regex(...fits("flag"));
export const lifetime: Kind = (z) =>
  z.string().regex(/^(-1|\d+(\.\d+)?(ms|[smhdw]))$/, "must be -1 or a time such as 12h or 4w");
/** A key of Python's `cryptography.fernet`. */
export const fernet: Kind = (z) => z.string().regex(...fits("fernet"));
/** Words as people read them: `A, B or C`. */
export const wordList = (words: readonly string[]): string => `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
/**
 * One of some words, in any case: LAMB's programs read them so.
 *
 * @param more words that are taken, and not told
 */
export const oneOf =
  (words: readonly string[], more: readonly string[] = []): Kind =>
  (z) =>
    z.string().refine((text) => [...words, ...more].includes(text.trim().toUpperCase()), `must be ${wordList(words)}`);
/** Levels of Python's logging. */
export const level: Kind = oneOf(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);
export const count: Kind = (z) => z.string().regex(...fits("count"));
export const size: Kind = (z) => z.string().regex(/^(0|\d+(\.\d+)?[bkmgt]b?)$/i, "must be 0 or a size such as 4g");

/** Makes variables that are passed on when they are set: without one, the program has a value of its own. */
export const tuned =
  (of: ReturnType<typeof group>, program: string) =>
  (variable: string, meaning: string, type: Kind = count): EnvVar =>
    of(variable, `${meaning}; unset is as ${program} has it`, { type });
