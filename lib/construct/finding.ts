/** `error`: nothing is written. `warning`: written, and said. */
export type Severity = "error" | "warning";

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
}

/** A finding as text: one line that says what is wrong and where, one that says what to do. */
export function formatFinding(finding: Finding): string {
  const where = [finding.construct || "app", finding.file, finding.path].filter(Boolean).join(" · ");
  const value = finding.value === undefined ? "" : ` (got ${finding.value})`;
  return `${finding.severity} ${finding.code} at ${where}\n  ${finding.reason}${value}\n  fix: ${finding.fix}`;
}
