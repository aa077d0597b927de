import type { Command } from "commander";
import type { RollbackPlan } from "../operate/rollback/rollback";
import { minute } from "../report/minute";
import { exitLines } from "./exit-text";
import { type Ending, end, wholeNumber } from "./operation";
import { DIR } from "./options";
import { progressInLines } from "./progress";
import { agreement, ended, notAgreed, type SwitchWords, withSwitchOptions } from "./switch";

const ABOUT = `
Brings back a state that \`up\` or \`upgrade\` kept: files, .env, images and data together. It shows what was written since, and
asks: that stays in the present volumes, and what runs now stays as a state, so that there is a way back from there, too.

With --keep-data the files and images of the state run on the present data. That is refused unless the files of both say that
the data have the same layout.

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

interface Words extends SwitchWords {
  readonly keepData?: true;
}

/** Adds the command that brings back a state. */
export function registerRollback(program: Command): void {
  const command = program
    .command("rollback")
    .description("bring back an earlier state: version, configuration and data together")
    .argument("[N]", "number of the state; without one, the last that differs from what runs", wholeNumber)
    .option(...DIR)
    .option("--keep-data", "run the earlier files on the present data");
  withSwitchOptions(command)
    .addHelpText("after", ABOUT)
    .action((to: number | undefined, words: Words) => {
      return end(words.json === true, () => rollBack(to, words));
    });
}

async function rollBack(to: number | undefined, words: Words): Promise<Ending> {
  const { dir, keepData = false, watch, abort = false } = words;
  const { rollback } = await import("../operate/rollback/rollback");
  const result = await rollback({
    dir,
    environment: process.env,
    progress: progressInLines(),
    to,
    keepData,
    watch,
    abort,
    agrees: agreement(words, planText),
  });
  if (result.kind === "ended") return ended(words, "rolled back", result);
  const { plan } = result;
  return notAgreed(words, planText(plan), { to: plan.to.number, from: plan.from.number, written: plan.written });
}

function planText({ to, from, written }: RollbackPlan): string {
  const lines = written.flatMap(({ volume, added, changed, removed }) => {
    if (added + changed + removed === 0) return [];
    return [`  ${volume}: ${added} files new, ${changed} changed, ${removed} gone`];
  });
  return [
    `from state ${from.number} to state ${to.number} of ${minute(to.ended)} UTC`,
    ...(lines.length === 0 ? [] : ["written since, and not visible any more:", ...lines]),
  ].join("\n");
}
