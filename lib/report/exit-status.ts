/** With what a command ends, and what it says to a script. The documentation has this table. */
export const EXIT_STATUSES = {
  ok: { status: 0, meaning: "done" },
  failed: { status: 1, meaning: "failed, or problems were found; what runs is as it was" },
  usage: { status: 2, meaning: "the arguments of the command are not valid" },
  differs: { status: 3, meaning: "something is not as it should be: `status --check`, `diff`" },
  refused: { status: 4, meaning: "not begun: something must be corrected first" },
  returned: { status: 5, meaning: "failed, and everything is back to what it was before" },
  stuck: { status: 6, meaning: "failed, and a person is needed: the state and the next command were printed" },
  busy: { status: 75, meaning: "another operation is at work on this deployment" },
} as const;

/** Name of a way in which a command ends. */
export type Outcome = keyof typeof EXIT_STATUSES;

/** The exit status of an outcome. */
export function exitStatus(outcome: Outcome): number {
  return EXIT_STATUSES[outcome].status;
}
