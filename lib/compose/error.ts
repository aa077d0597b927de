import { hideFromNode, QuotingError } from "../report/errors";
import type { Origin } from "./tree/node";

/** What kind of mistake stopped the resolution. */
export type ComposeErrorCode =
  | "yaml"
  | "structure"
  | "interpolation"
  | "extends"
  | "include"
  | "merge"
  | "schema"
  | "canonical"
  | "validation"
  | "decode"
  | "consistency"
  | "env-file"
  | "file"
  | "remote"
  | "name"
  | "select"
  | "render"
  | "limit";

/** What this library says of a mistake, where it has more to say than Compose's message. */
export interface Advice {
  /** Stable name of the kind of mistake, such as `dangling-reference`. */
  readonly code: string;
  readonly value?: string;
  /** What is wrong, one sentence that begins with the value. */
  readonly reason: string;
  readonly fix: string;
}

/** What there is to say of a name that stands for nothing. */
export function dangling(kind: string, name: string): Advice {
  return {
    code: "dangling-reference",
    value: JSON.stringify(name),
    reason: `refers to a ${kind} that no file of the deployment has`,
    fix: `create the ${kind}, use the construct instead of its name, or correct the name`,
  };
}

/** A project that Compose refuses. The message is the one that `docker compose config` prints. */
export class ComposeError extends QuotingError {
  override readonly name = "ComposeError";
  constructor(
    readonly code: ComposeErrorCode,
    message: string,
    /** Where the mistake stands, when one place is to blame. */
    readonly origin?: Origin,
    readonly advice?: Advice,
    /** Where in the project, when the mistake is no value's own. */
    readonly path?: readonly string[],
  ) {
    super(message);
    hideFromNode(this, "origin");
  }
}

/** Does some work; a refusal that has no place gets one. */
export function placed<Result>(origin: Origin, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ComposeError) || error.origin !== undefined) throw error;
    throw new ComposeError(error.code, error.message, origin, error.advice, error.path);
  }
}
