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

/** A project that Compose refuses. The message is the one that `docker compose config` prints. */
export class ComposeError extends QuotingError {
  override readonly name = "ComposeError";
  constructor(
    readonly code: ComposeErrorCode,
    message: string,
    /** Where the mistake stands, when one place is to blame. */
    readonly origin?: Origin,
  ) {
    super(message);
    hideFromNode(this, "origin");
  }
}
