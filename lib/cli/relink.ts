import type { Command } from "commander";
import { megabytes } from "../operate/amounts";
import type { PlannedColumn } from "../operate/migrate/plan";
import type { RelinkPlan } from "../operate/relink/relink";
import { exitLines } from "./exit-text";
import { type Ending, end, refusal, wholeNumber } from "./operation";
import { DIR } from "./options";
import { progressInLines } from "./progress";
import { agreement, ended, notAgreed, type SwitchWords, withSwitchOptions } from "./switch";

const ABOUT = `
Programs save public addresses and keys in their data: links to documents, citations, Open WebUI's connection to LAMB, the
knowledge bases of organizations. After a change of a public name, or of a key between services, they keep the
earlier ones. This replaces them with what the .env has now.

It shows how many rows that are, and asks. Then: the data are copied to volumes of their next generation while all runs; one
group of services after the other is stopped, what changed meanwhile is copied, and the copy is rewritten; the services start
on it, are checked from outside, and watched. The earlier data stay as they are: \`rollback\` brings them back, and so does
every failure. Addresses and keys of other programs than those of the deployment are left alone.

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

interface Words extends SwitchWords {
  readonly keep: number;
}

/** Adds the command that carries addresses and keys into the data. */
export function registerRelink(program: Command): void {
  const command = program
    .command("relink")
    .description("replace a changed public address, or key between services, in the data that contain it")
    .option(...DIR)
    .option("--keep <N>", "how many generations of the data stay, at least 2", wholeNumber, 2);
  withSwitchOptions(command)
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.json === true, () => relinkDeployment(words)));
}

async function relinkDeployment(words: Words): Promise<Ending> {
  const { dir, keep, watch, abort = false } = words;
  const { relink } = await import("../operate/relink/relink");
  const describe = ({ columns, bytes, shared, free, state }: RelinkPlan) =>
    [
      ...rowsOf(columns),
      `${megabytes(bytes - shared)} of data are copied; ${megabytes(free)} are free`,
      `the way back is state ${state}`,
    ].join("\n");
  const request = { dir, environment: process.env, progress: progressInLines(), keep, watch, abort };
  const result = await relink({ ...request, agrees: agreement(words, describe) });
  switch (result.kind) {
    case "refused":
      return refusal(result.refused);
    case "nothing-to-do":
      return {
        outcome: "ok",
        text: [...rowsOf(result.columns), "the data already contain what the services use: nothing to do"].join("\n"),
        json: { columns: result.columns },
      };
    case "not-agreed":
      return notAgreed(words, describe(result.plan), result.plan);
    case "ended":
      return ended(words, "relinked", result);
  }
}

/** What is rewritten, and what names files that are not there. */
function rowsOf(columns: readonly PlannedColumn[]): readonly string[] {
  return columns.flatMap(({ holds, place, changed, lost, from }) => [
    ...(changed === 0 ? [] : [`${changed} rows: ${holds} (${place}), from ${Object.keys(from).join(", ")}`]),
    ...(lost === 0 ? [] : [`${lost} rows: ${holds} (${place}) name what is not there, and stay as they are`]),
  ]);
}
