import type { Command } from "commander";
import type { OperationResult } from "../operate/journal/operation";
import { ConstructError } from "../report/errors";
import { confirmInTerminal, isInteractive } from "./ask";
import { type Ending, TROUBLE, wholeNumber } from "./operation";
import { AS_JSON } from "./options";
import { warn } from "./report";

/** The words that `upgrade`, `rollback`, `restore` and `relink` share: all show a plan, ask, and have a way back. */
export interface SwitchWords extends Asked {
  readonly dir: string;
  readonly watch: number;
  readonly abort?: true;
}

/** The words that say whether a person is asked. */
interface Asked {
  readonly plan?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds the options of {@link SwitchWords} but for `--dir`, which stands first. */
export function withSwitchOptions(command: Command): Command {
  return command
    .option("--watch <SECONDS>", "how long services are watched afterwards", wholeNumber, 30)
    .option("--abort", "undo one that was interrupted")
    .option("--plan", "show what would happen, and stop there")
    .option("--yes", "do not ask")
    .option(...AS_JSON);
}

/** Shows a plan and asks for it. Nobody is asked where there is no terminal: then `--yes` is the answer. */
export function agreement<Plan>(
  { plan: isPlan, json, yes }: Asked,
  describe: (plan: Plan) => string,
): (plan: Plan) => Promise<boolean> {
  return async (plan) => {
    if (isPlan === true) return false;
    if (json !== true) warn(describe(plan));
    return yes === true || (isInteractive() && (await confirmInTerminal("Go on?")));
  };
}

/** What is said when nothing was done: the plan, when that was all that was asked for. */
export function notAgreed({ plan: isPlan }: Asked, text: string, data: unknown): Ending {
  if (isPlan === true) return { outcome: "ok", text, json: { plan: data } };
  return { outcome: "refused", text: "nothing was done; with --yes it does not ask", json: { plan: data } };
}

/**
 * What is said of an operation that came to its end.
 *
 * @param done what was done, such as "upgraded"
 */
export function ended(
  { abort }: SwitchWords,
  done: string,
  { outcome, error, second, facts, state }: OperationResult & { readonly state: number },
): Ending {
  if (abort === true && outcome === "returned") return { outcome: "ok", text: TROUBLE.returned, json: { state } };
  const isOver = second instanceof ConstructError && second.code === "changed-in-place";
  if (isOver) return { outcome, error: second, json: { before: state } };
  const text =
    outcome === "ok" ? `${done}; the state is kept as ${facts.kept}, and ${state} is the way back` : TROUBLE[outcome];
  return { outcome, error: second ?? error, text, json: { state: facts.kept, before: state } };
}
