import type { Command } from "commander";
import type { RollbackPlan } from "../operate/rollback/rollback";
import { confirmInTerminal, isInteractive } from "./ask";
import { exitLines } from "./exit-text";
import { type Ending, end, wholeNumber } from "./operation";
import { progressInLines } from "./progress";
import { warn } from "./report";
import { backText } from "./upgrade";

const ABOUT = `
Brings back a state that \`up\` or \`upgrade\` kept: files, .env, images and data together. It says what was written since, and
asks: that stays in the volumes of now, and what runs now stays as a state, so that there is a way back from there, too.

With --keep-data the files and images of the state run on the data of now. That is refused unless the files of both say that
the data are laid out the same.

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

interface Words {
  readonly dir: string;
  readonly keepData?: true;
  readonly watch: number;
  readonly abort?: true;
  readonly plan?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds the command that brings back a state. */
export function registerRollback(program: Command): void {
  program
    .command("rollback")
    .description("bring back an earlier state: version, configuration and data together")
    .argument("[N]", "number of the state; without one, the last that is other than what runs", wholeNumber)
    .option("--dir <DIR>", "directory of the deployment", ".")
    .option("--keep-data", "run the earlier files on the data of now")
    .option("--watch <SECONDS>", "how long services are watched afterwards", wholeNumber, 30)
    .option("--abort", "take back one that was cut off")
    .option("--plan", "say what would happen, and end")
    .option("--yes", "do not ask")
    .option("--json", "say the result as JSON")
    .addHelpText("after", ABOUT)
    .action((to: number | undefined, words: Words) => {
      return end(words.json === true, () => rollBack(to, words));
    });
}

async function rollBack(to: number | undefined, words: Words): Promise<Ending> {
  const { dir, keepData = false, watch, abort = false, plan: isPlan, yes, json } = words;
  const { rollback } = await import("../operate/rollback/rollback");
  const agrees = async (plan: RollbackPlan) => {
    if (isPlan === true) return false;
    if (json !== true) warn(planText(plan));
    return yes === true || (isInteractive() && (await confirmInTerminal("Go on?")));
  };
  const result = await rollback({
    dir,
    environment: process.env,
    progress: progressInLines(),
    to,
    keepData,
    watch,
    abort,
    agrees,
  });
  if (result.kind === "not-agreed") {
    const { plan } = result;
    const data = { to: plan.to.number, from: plan.from.number, written: plan.written };
    const text = isPlan === true ? planText(plan) : "nothing was done: with --yes nobody is asked";
    return { outcome: isPlan === true ? "ok" : "refused", text, json: { plan: data } };
  }
  const { outcome, error, second, facts, state } = result;
  if (abort && outcome === "returned") return { outcome: "ok", text: backText(outcome), json: { state } };
  const text =
    outcome === "ok"
      ? `rolled back; the state is kept as ${facts.kept}, and ${state} is the way back`
      : backText(outcome);
  return { outcome, error: second ?? error, text, json: { state: facts.kept, before: state } };
}

function planText({ to, from, written }: RollbackPlan): string {
  const when = `${to.ended.slice(0, 16).replace("T", " ")} UTC`;
  const lines = written.flatMap(({ volume, added, changed, removed }) => {
    if (added + changed + removed === 0) return [];
    return [`  ${volume}: ${added} files new, ${changed} changed, ${removed} gone`];
  });
  return [
    `from state ${from.number} to state ${to.number} of ${when}`,
    ...(lines.length === 0 ? [] : ["written since, and not seen any more:", ...lines]),
  ].join("\n");
}
