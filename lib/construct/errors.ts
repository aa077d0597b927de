import { hideFromNode, QuotingError } from "../report/errors";
import { type Finding, formatFinding } from "../report/finding";
import { visible } from "../report/visible";

export { ConstructError, type ConstructErrorDetails } from "../report/errors";

/** The program's result has findings of severity `error`. Carries every finding, not only the first. */
export class SynthesisError extends QuotingError {
  override readonly name = "SynthesisError";
  readonly code = "synthesis";

  constructor(readonly findings: readonly Finding[]) {
    const errors = findings.filter((finding) => finding.severity === "error");
    const count = `${errors.length} problem${errors.length === 1 ? "" : "s"}`;
    super(visible(`${count}, nothing was written\n${errors.map(formatFinding).join("\n")}`));
    hideFromNode(this, "findings");
  }
}
