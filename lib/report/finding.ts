import { visibleLine } from "./visible";

/** `error`: nothing is written. `warning`: written, and said. `suppressed`: somebody gave a reason why it may be so. */
export type Severity = "error" | "warning" | "suppressed";

/** One thing that is wrong with a program's result: where, what, and what to do. */
export interface Finding {
  /** Stable name of the kind of problem, such as `dangling-reference`. */
  readonly code: string;
  readonly severity: Severity;
  /** Path of the construct that wrote it, such as `next/lamb`. Empty for the app itself. */
  readonly construct: string;
  /** The file, or the files of the deployment joined with ` + `. */
  readonly file?: string;
  /** Where in the file, such as `services.lamb.ports[0]`. */
  readonly path?: string;
  /** The value, unless it could be a secret. */
  readonly value?: string;
  /** What is wrong, one sentence. */
  readonly reason: string;
  /** What to do, one sentence. */
  readonly fix: string;
  /** Why it may be so all the same. Only of what is `suppressed`. */
  readonly suppression?: string;
}

/** A finding as text: where, what is wrong, and what to do. One that is suppressed is a line with the reason. */
export function formatFinding(finding: Finding): string {
  const where = [finding.construct || "app", finding.file, finding.path].filter(Boolean).join(" · ");
  const head = `${finding.severity} ${finding.code} at ${visibleLine(where)}`;
  if (finding.suppression !== undefined) return `${head}: ${finding.suppression}`;
  const value = finding.value === undefined ? "" : ` (got ${visibleLine(finding.value)})`;
  return `${head}\n  ${indented(finding.reason)}${value}\n  fix: ${finding.fix}`;
}

/** A text of several lines, none of which looks like another finding. */
function indented(text: string): string {
  return text.replaceAll("\n", "\n    ");
}

/** What a rule is called, and what it says where it does not hold. */
export interface RuleText {
  /** Name of the rule, such as `image-pinned`. */
  readonly id: string;
  /** What is wrong where the rule does not hold: the end of a sentence that begins with the place. */
  readonly what: string;
  /** What happens to a deployment without it. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  readonly severity: "error" | "warning";
}
