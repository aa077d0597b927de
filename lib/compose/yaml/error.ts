import type { Behaviour } from "../version";
import type { Mark } from "./cursor";

/** The part of Compose's reader that stops. */
export type Stage = "reader" | "scanner" | "parser" | "composer";

/** What was being read, and where it began. */
export interface Construct {
  /** `while parsing a flow sequence`. */
  readonly doing: string;
  readonly from: Mark;
}

/** How one release writes a mistake. */
type Words = (error: YamlError) => string;

const UNKNOWN = "<unknown position>";

/** The line where the construct begins, one higher from the scanner than from the parser. */
const byConstruct: Words = ({ stage, at, inside, problem }) => {
  const base = inside !== undefined && inside.from.line > 0 ? inside.from.line : at.line;
  const line = base === 0 ? 0 : base + (stage === "scanner" ? 1 : 0);
  const where = line === 0 || stage === "composer" || stage === "reader" ? "" : `line ${line}: `;
  return `yaml: ${where}${problem}`;
};

/** What was being read and where, lines of the parser from 0, and columns of the composer from 2. */
const byPlaces: Words = ({ stage, at, inside, problem, offset }) => {
  if (stage === "reader") return `yaml: offset ${offset}: ${problem}`;
  const place = ({ line, column }: Mark) => {
    const shown = stage === "parser" ? line : line + 1;
    const across = stage === "composer" ? column + 1 : column;
    if (shown === 0) return UNKNOWN;
    return across === 0 ? `line ${shown}` : `line ${shown}, column ${across + 1}`;
  };
  const start = inside === undefined ? "" : `${inside.doing} at ${place(inside.from)}: `;
  const end = inside !== undefined && sameMark(inside.from, at) ? "" : `${place(at)}: `;
  return `yaml: ${start}${end}${problem}`;
};

/** The part of the reader, what was being read, and where, as `L1.C4-L2.C1`. */
const byStage: Words = ({ stage, at, inside, problem, control }) => {
  const place = ({ line, column }: Mark) => `L${line + 1}.C${column + 1}`;
  const name = `go-yaml load error in ${stage}`;
  if (stage === "reader") return `${name} at ${UNKNOWN}: ${problem}${control}`;
  if (inside === undefined) return `${name} at ${place(at)}: ${problem}`;
  const { doing, from } = inside;
  const end = sameMark(from, at) ? "" : `-${from.line === at.line ? `C${at.column + 1}` : place(at)}`;
  return `${name} (${doing}) at ${place(from)}${end}: ${problem}`;
};

const byLine: Words = ({ stage, at, problem, control }) =>
  stage === "reader" ? `yaml: ${problem}${control}` : `yaml: line ${at.line + 1}: ${problem}`;

function sameMark(a: Mark, b: Mark): boolean {
  return a.line === b.line && a.column === b.column;
}

/** A text that is not YAML. Its message is what Compose 2.40 prints: `yaml: line 3: did not find expected key`. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  /** Where the problem is, from 1. */
  readonly line: number;
  readonly column: number;

  constructor(
    readonly stage: Stage,
    readonly problem: string,
    /** Where the problem is; for a reader, where the character is. */
    readonly at: Mark,
    readonly inside?: Construct,
    /** The character that no reader takes. */
    private readonly character = "",
  ) {
    super();
    this.line = at.line + 1;
    this.column = at.column + 1;
    this.message = byConstruct(this).replace("hexadecimal", "hexdecimal");
  }

  get control(): string {
    return ` (value: ${this.character.codePointAt(0) ?? 0})`;
  }

  /** Bytes before the character. */
  get offset(): number {
    return this.at.index;
  }

  /** What a release prints. */
  words({ does }: Behaviour): string {
    if (does("namesYamlLine")) return byLine(this);
    if (does("namesYamlStage")) return byStage(this);
    if (does("namesYamlPlaces")) return byPlaces(this);
    return does("wrapsYamlErrors") ? byConstruct(this) : this.message;
  }
}

export function scanError(problem: string, at: Mark, doing?: string, from: Mark = at): YamlError {
  return new YamlError("scanner", problem, at, doing === undefined ? undefined : { doing, from });
}

export function parseError(problem: string, at: Mark, doing?: string, from: Mark = at): YamlError {
  return new YamlError("parser", problem, at, doing === undefined ? undefined : { doing, from });
}

/** A character that no YAML has. */
export function controlCharacter(text: string, at: number): YamlError {
  const before = text.slice(0, at);
  const lines = before.split(/\r\n|[\n\r]/);
  const mark = {
    index: new TextEncoder().encode(before).length,
    line: lines.length - 1,
    column: lines.at(-1)?.length ?? 0,
  };
  return new YamlError("reader", "control characters are not allowed", mark, undefined, text.slice(at, at + 2));
}

/** What a release prints of values that have a wrong type: all that are in one text, each with its line. */
export function valueErrors(problems: readonly string[], does: Behaviour["does"]): string {
  if (does("namesYamlStage")) return `yaml: construct errors: ${problems.join("; ")}`;
  const what = does("namesYamlPlaces") ? "construct" : "unmarshal";
  return `yaml: ${what} errors:\n  ${problems.join("\n  ")}`;
}
