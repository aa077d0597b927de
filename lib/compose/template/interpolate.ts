import { type Operator, type Token, tokenize } from "./tokens";

/** The value of a variable; `undefined` when it is not set. A variable that is set may be empty. */
export type Lookup = (name: string) => string | undefined;

/** How variables of a text are replaced. */
export interface InterpolateOptions {
  /**
   * Expand a default or message only when it is used, as Compose 5 does. Compose 2.40 expands it always, so an unset
   * variable in an unused default still warns, and a required one still fails.
   * @default false
   */
  readonly lazy?: boolean;
}

/** A text whose variables have their values. */
export interface Interpolated {
  readonly text: string;
  /** Variables that are not set and have no default, in the order of the text: each became the empty string. */
  readonly unset: readonly string[];
}

/** What Compose says of each of them. */
export function unsetWarning(name: string): string {
  return `The "${name}" variable is not set. Defaulting to a blank string.`;
}

/** A template that Compose refuses. */
export class InterpolationError extends Error {
  override readonly name = "InterpolationError";
  constructor(
    readonly problem: "format" | "required" | "depth" | "length",
    /** For `format`: the innermost template. For `required`: the variable's name. */
    readonly subject: string,
    /** For `required`: the message behind `?`, expanded. */
    readonly reason: string = "",
    /** The variables without value that were met before, those of the message among them. */
    readonly unset: readonly string[] = [],
  ) {
    super(
      problem === "format"
        ? `Invalid template: ${JSON.stringify(subject)}`
        : problem === "depth"
          ? `defaults are nested more than ${MAX_DEPTH} deep`
          : problem === "length"
            ? `the value becomes longer than ${LONGEST / 2 ** 20} MB`
            : `required variable ${subject} is missing a value${reason === "" ? "" : `: ${reason}`}`,
    );
  }
}

/** Nobody writes 200 defaults in each other; a hostile text must not exhaust the stack. */
export const MAX_DEPTH = 200;
/** Values that name each other twice over grow without end: ten lines can ask for more than any memory holds. */
const LONGEST = 64 * 2 ** 20;

/** operator → does the value of the variable stand (otherwise the operand does). */
const KEEPS_VALUE: Readonly<Record<Operator, (value: string | undefined) => boolean>> = {
  ":-": (value) => value !== undefined && value !== "",
  "-": (value) => value !== undefined,
  ":?": (value) => value !== undefined && value !== "",
  "?": (value) => value !== undefined,
  ":+": (value) => value === undefined || value === "",
  "+": (value) => value === undefined,
};

/** Mistakes of one variable. The others are of the whole text. */
const GOES_ON: ReadonlySet<InterpolationError["problem"]> = new Set(["format", "required"]);

type Choice = Extract<Token, { kind: "choice" }>;

/**
 * Expands the variables of one scalar as Compose does. Values are not expanded again.
 *
 * @throws InterpolationError on a malformed `${…}` and on a required variable without value.
 */
export function interpolate(text: string, lookup: Lookup, options: InterpolateOptions = {}): Interpolated {
  if (!text.includes("$")) return { text, unset: [] };
  const unset: string[] = [];
  const lazy = options.lazy === true;

  const expandChoice = (token: Choice, depth: number): string => {
    const eager = lazy ? undefined : expand(token.operand, depth + 1);
    const value = lookup(token.name);
    if (KEEPS_VALUE[token.operator](value)) return value ?? "";
    const operand = eager ?? expand(token.operand, depth + 1);
    if (token.operator.endsWith("?")) throw new InterpolationError("required", token.name, operand, unset);
    return operand;
  };

  const expandToken = (token: Token, depth: number): string => {
    if (token.kind === "literal") return token.text;
    if (token.kind === "invalid") throw new InterpolationError("format", token.template, "", unset);
    if (token.kind === "choice") return expandChoice(token, depth);
    const value = lookup(token.name);
    if (value === undefined) unset.push(token.name);
    return value ?? "";
  };

  const expand = (template: string, depth: number): string => {
    if (depth > MAX_DEPTH) throw new InterpolationError("depth", "");
    let out = "";
    let refusal: InterpolationError | undefined;
    for (const token of tokenize(template)) {
      try {
        out += expandToken(token, depth);
      } catch (error) {
        // The reference goes on, and warns of what else has no value.
        if (!(error instanceof InterpolationError) || !GOES_ON.has(error.problem)) throw error;
        refusal ??= error;
      }
      if (out.length > LONGEST) throw new InterpolationError("length", "");
    }
    if (refusal !== undefined) throw refusal;
    return out;
  };

  return { text: expand(text, 0), unset };
}

/** The same, and `undefined` for a text that Compose refuses. */
export function tryInterpolate(text: string, lookup: Lookup, options?: InterpolateOptions): Interpolated | undefined {
  try {
    return interpolate(text, lookup, options);
  } catch (error) {
    if (error instanceof InterpolationError) return undefined;
    throw error;
  }
}

/** A variable that a text mentions. */
export interface Reference {
  readonly name: string;
  /** Absent for `$NAME` and `${NAME}`. */
  readonly operator?: Operator;
  /** What stands behind the operator, as written: a default, a message or an alternative. */
  readonly operand?: string;
  /** The whole token as written, `${NAME:-default}`. */
  readonly raw: string;
  /** 0 for a token of the text itself, 1 for one inside its operand, and so on. */
  readonly depth: number;
}

/** The variables that a text mentions. */
export interface References {
  readonly references: readonly Reference[];
  /** The templates that Compose would refuse, innermost text first met. */
  readonly problems: readonly string[];
}

/** Every variable that a text mentions, those inside defaults and messages included. Reports a bad format, never throws. */
export function references(text: string): References {
  const found: Reference[] = [];
  const problems: string[] = [];
  const visit = (template: string, depth: number): void => {
    if (!template.includes("$")) return;
    for (const token of tokenize(template)) {
      if (token.kind === "invalid") problems.push(token.template);
      else if (token.kind === "variable") found.push({ name: token.name, raw: token.raw, depth });
      else if (token.kind === "choice") {
        const { name, operator, operand, raw } = token;
        found.push({ name, operator, operand, raw, depth });
        if (depth < MAX_DEPTH) visit(operand, depth + 1);
      }
    }
  };
  visit(text, 0);
  return { references: found, problems };
}
