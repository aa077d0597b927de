import { type Dotenv, type DotenvEntry, parseDotenv } from "../compose/dotenv/dotenv";

/** A statement of an operator's file, as written. */
export interface EnvEntry {
  readonly name: string;
  readonly line: number;
  readonly style: DotenvEntry["style"];
  /** What Compose does with a `$` in the value; absent when it leaves the value alone. */
  readonly dollar?: "unreadable" | "unset" | "doubled";
}

/** An operator's file, as written and as Compose sees it. */
export interface EnvFile {
  readonly entries: readonly EnvEntry[];
  /** Lines that are no statements, or give a value to no name. */
  readonly malformed: ReadonlySet<number>;
  /** Every value that the file gives, an overwritten one too. */
  readonly values: readonly string[];
  /** The value that Compose has in the end: the environment wins over the file. */
  value(name: string): string | undefined;
  /** The line that the value comes from. `undefined` when it comes from the environment, or from nowhere. */
  line(name: string): number | undefined;
  /** Whether the file gives a value that Compose cannot read, so that nothing can be said of it. */
  isUnreadable(name: string): boolean;
}

/** The values of the environment in which Compose will run. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the file twice: as Compose does, and with every `$` as an ordinary sign, which shows what is written also where
 * Compose would stop or put something else in its place.
 */
export function readEnvFile(text: string, environment: Environment = {}): EnvFile {
  const outside = (name: string) => (Object.hasOwn(environment, name) ? environment[name] : undefined);
  const dollar = signFor(text);
  const written = asWritten(text, dollar);
  const seen = parseDotenv(text, { lookup: outside });

  const malformed = new Set(written.problems.map(({ line }) => line));
  const unreadable = new Set(seen.problems.map(({ line }) => line).filter((line) => !malformed.has(line)));
  const unset = new Set(seen.unset.map(({ line }) => line));
  const lines = new Map<string, number>();
  const unreadableNames = new Set<string>();
  const entries = written.entries.map(({ name, line, style, value }): EnvEntry => {
    if (name !== "") lines.set(name, line);
    const kept = style === "single" || !value.includes(dollar);
    if (kept) return { name, line, style };
    if (unreadable.has(line)) {
      unreadableNames.add(name);
      return { name, line, style, dollar: "unreadable" };
    }
    if (unset.has(line)) return { name, line, style, dollar: "unset" };
    const open = style === "double" ? value.replaceAll(`\\${dollar}`, "") : value;
    return open.includes(dollar + dollar) ? { name, line, style, dollar: "doubled" } : { name, line, style };
  });
  return {
    entries,
    malformed: new Set([...malformed, ...entries.filter(({ name }) => name === "").map(({ line }) => line)]),
    values: seen.entries.map(({ value }) => value),
    value: (name) => outside(name) ?? seen.values.get(name),
    line: (name) => (outside(name) === undefined ? lines.get(name) : undefined),
    isUnreadable: (name) => unreadableNames.has(name) && outside(name) === undefined,
  };
}

/**
 * The text as Compose reads it, with every `$` as an ordinary sign: what is written, not what becomes of it.
 *
 * @param sign stands for it
 */
export function asWritten(text: string, sign: string): Dotenv {
  return parseDotenv(text.replaceAll("$", sign), { lookup: () => "" });
}

/** A sign for private use that a text does not have: to Compose it is an ordinary one. */
export function signFor(text: string): string {
  const present = new Set(text);
  let code = 0xf0000;
  while (present.has(String.fromCodePoint(code))) code++;
  return String.fromCodePoint(code);
}
