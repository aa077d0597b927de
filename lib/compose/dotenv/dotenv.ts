import { InterpolationError, interpolate, type Lookup } from "../template/interpolate";
import { quote, SPACE, trimRight } from "../tree/gotext";

/** What the reading of an `.env` takes beside its text. */
export interface DotenvOptions {
  /** Variables known from elsewhere; they win over the file's own, as the shell's environment does. */
  readonly lookup?: Lookup;
  /** Names that earlier files defined: templates see them, and the result starts with them. */
  readonly before?: ReadonlyMap<string, string>;
  /** See `InterpolateOptions.lazy`. */
  readonly lazy?: boolean;
}

/** One definition of a dotenv file. */
export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  /** Line of the name, from 1. */
  readonly line: number;
  /** `inherited` is a name alone on its line, which takes its value from the lookup. */
  readonly style: "plain" | "single" | "double" | "inherited";
}

/** Something in an `.env` that Compose refuses. */
export interface DotenvProblem {
  /** Line of the statement, from 1. */
  readonly line: number;
  /** Compose's own text, without the file. It can quote the line: do not show it where secrets must not appear. */
  readonly message: string;
  /** The same without any part of the file's text. */
  readonly summary: string;
}

/** What an `.env` says, and what is wrong with it. */
export interface Dotenv {
  /** Name → value, as Compose has them in the end. */
  readonly values: Map<string, string>;
  /** All definitions in order, an overwritten one too. */
  readonly entries: readonly DotenvEntry[];
  /** The first one is what Compose stops at; the rest is read as if the bad line were not there. */
  readonly problems: readonly DotenvProblem[];
  /** Variables without value that templates of the file mention. */
  readonly unset: readonly { readonly name: string; readonly line: number }[];
}

/** Blanks that do not end a line. */
const BLANK = /[\t\v\f\r \u0085\u00a0]*/y;
const EXPORT = /export[\t\n\f\r ]+/y;
const KEY_CHARACTER = /[\p{L}\p{N}_.[\]\t\v\f\r \u0085\u00a0-]/u;
const ESCAPE = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\a", "\x07"],
  ["\\b", "\b"],
  ["\\f", "\f"],
  ["\\n", "\n"],
  ["\\r", "\r"],
  ["\\t", "\t"],
  ["\\v", "\v"],
  ["\\\\", "\\"],
  ['\\"', '"'],
  ["\\$", "$$"],
]);

/** `\0ddd` is an octal code up to 0377; with other digits only the `0` is dropped. */
function decodeEscape(match: string): string {
  const plain = ESCAPES.get(match);
  if (plain !== undefined) return plain;
  if (!match.startsWith("\\0")) return match;
  const digits = match.slice(2);
  return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCodePoint(Number.parseInt(digits, 8)) : `\\${digits}`;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

interface Key {
  readonly name: string;
  readonly next: number;
  readonly inherited: boolean;
}

class DotenvError extends Error {
  constructor(
    message: string,
    readonly summary: string,
  ) {
    super(message);
  }
}

/** Reads one file; `at` only grows, and `line` is the line number that Compose would report. */
class Reader {
  readonly values: Map<string, string>;
  readonly entries: DotenvEntry[] = [];
  readonly problems: DotenvProblem[] = [];
  readonly unset: { name: string; line: number }[] = [];
  private at = 0;
  private line = 1;
  private readonly text: string;

  constructor(
    text: string,
    private readonly options: DotenvOptions,
  ) {
    this.text = text.startsWith("\uFEFF") ? text.slice(1) : text;
    this.values = new Map(options.before);
  }

  read(): void {
    while (this.toStatement()) {
      const start = this.at;
      const line = this.line;
      try {
        this.statement(line);
      } catch (error) {
        if (error instanceof DotenvError) this.problem(line, error.message, error.summary);
        else if (error instanceof InterpolationError) {
          for (const name of error.unset) this.unset.push({ name, line });
          this.problem(line, error.message, `invalid value: ${error.problem}`);
        } else throw error;
        this.at = lineEnd(this.text, start);
        this.line = line;
      }
    }
  }

  private problem(line: number, message: string, summary: string): void {
    this.problems.push({ line, message, summary });
  }

  private toStatement(): boolean {
    const { text } = this;
    for (; this.at < text.length; this.at++) {
      const char = text.charAt(this.at);
      if (char === "\n") this.line++;
      else if (char === "#") this.at = lineEnd(text, this.at) - 1;
      else if (!SPACE.test(char)) return true;
    }
    return false;
  }

  private statement(line: number): void {
    const key = this.key();
    if (key.inherited) {
      const value = this.options.lookup?.(key.name);
      if (value !== undefined) this.define({ name: key.name, value, line, style: "inherited" });
      this.at = key.next;
      return;
    }
    const first = this.text[key.next];
    if (first === "'" || first === '"') this.quoted(key, first, line);
    else this.plain(key, line);
  }

  private key(): Key {
    const { text } = this;
    const exported = skip(EXPORT, text, this.at);
    const start = exported > this.at ? skip(BLANK, text, this.at + "export".length) : this.at;
    let end = start;
    let separator = "";
    while (end < text.length) {
      const char = String.fromCodePoint(text.codePointAt(end) ?? 0);
      if (char === "=" || char === ":" || char === "\n") {
        separator = char;
        break;
      }
      if (!KEY_CHARACTER.test(char)) {
        const rest = text.slice(start, lineEnd(text, start));
        throw new DotenvError(
          `line ${this.line}: unexpected character ${quote(char)} in variable name ${quote(rest)}`,
          `unexpected character ${quote(char)} in variable name`,
        );
      }
      end += char.length;
    }
    if (separator === "") return { name: "", next: start, inherited: false };
    const written = text.slice(start, end);
    const inherited = separator === "\n";
    const name = trimRight(written);
    if (name.includes(" ")) {
      throw new DotenvError(`line ${this.line}: key cannot contain a space`, "key cannot contain a space");
    }
    if (inherited && !written.includes(" ")) this.line++;
    return { name, next: skip(BLANK, text, end + 1), inherited };
  }

  private plain(key: Key, line: number): void {
    const end = lineEnd(this.text, key.next);
    const [written = ""] = this.text.slice(key.next, end).split(" #", 1);
    this.at = end + 1;
    this.line++;
    this.define({ name: key.name, value: this.expand(trimRight(written), line), line, style: "plain" });
  }

  private quoted(key: Key, mark: string, line: number): void {
    const { text } = this;
    let value = "";
    let from = key.next + 1;
    for (let i = from; i < text.length; i++) {
      const char = text[i];
      if (char === "\n") this.line++;
      else if (char === "\\") {
        if (text[i + 1] === mark) {
          value += text.slice(from, i);
          from = i + 1;
        }
        if (text[i + 1] === "\n") this.line++;
        i++;
      } else if (char === mark) {
        value += text.slice(from, i);
        this.at = i + 1;
        const double = mark === '"';
        const result = double ? this.expand(value.replace(ESCAPE, decodeEscape), line) : value;
        this.define({ name: key.name, value: result, line, style: double ? "double" : "single" });
        return;
      }
    }
    const first = text.slice(key.next, lineEnd(text, key.next));
    throw new DotenvError(`line ${this.line}: unterminated quoted value ${first}`, "unterminated quoted value");
  }

  private define(entry: DotenvEntry): void {
    this.entries.push(entry);
    this.values.set(entry.name, entry.value);
  }

  private expand(template: string, line: number): string {
    const lookup: Lookup = (name) => this.options.lookup?.(name) ?? this.values.get(name);
    const { text, unset } = interpolate(template, lookup, { lazy: this.options.lazy === true });
    for (const name of unset) this.unset.push({ name, line });
    return text;
  }
}

/** Reads a `.env`, `--env-file`, `env_file` or `label_file` as Compose does. Never throws: see `problems`. */
export function parseDotenv(text: string, options: DotenvOptions = {}): Dotenv {
  const reader = new Reader(text, options);
  reader.read();
  const { values, entries, problems, unset } = reader;
  return { values, entries, problems, unset };
}
