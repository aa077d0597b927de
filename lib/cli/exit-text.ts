import { EXIT_STATUSES, type Outcome } from "../report/exit-status";

/** The exit statuses that a command can end with, as lines of its help. */
export function exitLines(outcomes: readonly Outcome[]): string {
  return outcomes.map((name) => `  ${EXIT_STATUSES[name].status}  ${EXIT_STATUSES[name].meaning}`).join("\n");
}
