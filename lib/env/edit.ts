import { type Dotenv, parseDotenv } from "../compose/dotenv/dotenv";
import { asWritten, signFor } from "./file";
import { envValue } from "./quote";

/** Blanks as Compose takes them. */
const BLANK = "[\\t\\v\\f\\r \\u0085\\u00a0]*";
/** Lines end at a line feed alone: a carriage return is a blank. */
const STATEMENT = new RegExp(
  `(?<![^\\n])\\uFEFF?${BLANK}(?:export\\s+)?([\\w.-]+)${BLANK}(?:[=:]${BLANK}|(?=\\n)|$)`,
  "g",
);

/** A text after a change. */
export interface EnvEdit {
  readonly text: string;
  /** Names that could not be given their value without changing something else. When there are any, do not use the text. */
  readonly failed: readonly string[];
}

/**
 * The text of an `.env` with other values for variables that it has. Where a name stands twice, the last one counts
 * and is changed. Every other byte stays.
 */
export function withValues(text: string, values: ReadonlyMap<string, string>): EnvEdit {
  const sign = signFor(text + [...values.values()].join(""));
  const before = asWritten(text, sign);
  const last = new Map(before.entries.map((entry) => [entry.name, entry]));
  const starts = new Statements(text);
  const failed: string[] = [];
  const changes: { from: number; to: number; written: string }[] = [];
  for (const [name, value] of values) {
    const entry = last.get(name);
    const start = entry === undefined ? undefined : starts.of(name, entry.line);
    if (entry === undefined || start === undefined) {
      failed.push(name);
      continue;
    }
    const inherited = entry.style === "inherited";
    const [from, to] = inherited ? [start, start] : valueAt(text, start);
    changes.push({ from, to, written: (inherited ? "=" : "") + envValue(value) });
  }
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, written } of changes.toSorted((one, other) => one.from - other.from)) {
    parts.push(text.slice(done, from), written);
    done = to;
  }
  const after = parts.join("") + text.slice(done);
  const places = new Map(before.entries.map(({ name }, index) => [name, index]));
  const meant = new Set([...values.keys()].map((name) => places.get(name)));
  const isMeant = (index: number) => meant.has(index);
  if (!isSame(before, asWritten(after, sign), isMeant)) return { text: after, failed: [...values.keys()] };
  const read = parseDotenv(after).values;
  for (const [name, value] of values) if (read.get(name) !== value && !failed.includes(name)) failed.push(name);
  return { text: after, failed };
}

/** The text with lines at its end, which end as its own lines do. */
export function withLines(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const end = /\r?\n/.exec(text)?.[0] ?? "\n";
  const own = text === "" || text.endsWith("\n") ? text : text + end;
  return own + lines.map((line) => line + end).join("");
}

/** Whether two texts say the same, but for the values that were meant to change. */
function isSame(one: Dotenv, other: Dotenv, isMeant: (index: number) => boolean): boolean {
  if (one.problems.length !== other.problems.length || one.entries.length !== other.entries.length) return false;
  return one.entries.every(({ name, value }, index) => {
    const now = other.entries[index];
    return now?.name === name && (now.value === value || isMeant(index));
  });
}

/** Where names stand that look as if they began a statement. Some are in comments' or values' later lines. */
class Statements {
  private readonly byPlace = new Map<number, { readonly name: string; readonly end: number }>();
  private readonly last = new Map<string, number>();
  private readonly lines: readonly number[];

  constructor(text: string) {
    const lines = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
    this.lines = lines;
    for (const match of text.matchAll(STATEMENT)) {
      const [all, name = ""] = match;
      const end = match.index + all.length;
      this.byPlace.set(match.index, { name, end });
      this.last.set(name, end);
    }
  }

  /**
   * The end of a statement's name and sign: on the line that the reader names; else behind the last such name, since a
   * name alone on its line can make the reader miscount as Compose does.
   */
  of(name: string, line: number): number | undefined {
    const there = this.byPlace.get(this.lines[line - 1] ?? -1);
    return there?.name === name ? there.end : this.last.get(name);
  }
}

/** The part of the text that is the value: with its quotes, or up to a comment or the end of the line. */
function valueAt(text: string, from: number): readonly [from: number, to: number] {
  const mark = text[from];
  if (mark === "'" || mark === '"') {
    for (let at = from + 1; at < text.length; at++) {
      if (text[at] === "\\") at++;
      else if (text[at] === mark) return [from, at + 1];
    }
  }
  const end = text.indexOf("\n", from);
  const [written = ""] = text.slice(from, end < 0 ? text.length : end).split(" #", 1);
  return [from, from + written.trimEnd().length];
}
