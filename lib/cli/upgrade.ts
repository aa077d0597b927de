import type { Command } from "commander";
import { megabytes } from "../operate/amounts";
import type { UpgradePlan } from "../operate/upgrade/upgrade";
import { exitLines } from "./exit-text";
import { type Ending, end, refusal, wholeNumber } from "./operation";
import { DIR } from "./options";
import { progressInLines } from "./progress";
import { agreement, ended, notAgreed, type SwitchWords, withSwitchOptions } from "./switch";

const ABOUT = `
Without RELEASE it brings what runs to what the files in DIR say now, as a program has written them; with one it writes the
files of that release first, where \`init\` made the deployment.

It shows what will happen, and asks. Then: the images are pulled; the data are copied to volumes of their next generation
while all runs; the new release is tried on the copy, where nobody can reach it; what changed meanwhile is copied with the
services stopped that write it, one group of services after the other, while the proxy lets requests wait; it is checked
from outside, and watched. If anything fails, everything goes back to what it was before, on the untouched data. If it is
interrupted, run the same command again: it continues.

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

interface Words extends SwitchWords {
  readonly inPlace?: true;
  readonly rehearse: boolean;
  readonly keep: number;
}

/** Adds the command that brings a deployment to another release. */
export function registerUpgrade(program: Command): void {
  const command = program
    .command("upgrade")
    .description("bring the deployment to another release, with a way back that loses nothing")
    .argument("[RELEASE]", "release of LAMB: its number, or its tag; without one, what the files say now")
    .option(...DIR)
    .option(
      "--in-place",
      "change the data in place, where there is no room for a copy; a verified backup is the only way back",
    )
    .option("--no-rehearse", "do not try the new release on the copy first")
    .option("--keep <N>", "how many generations of the data stay, at least 2", wholeNumber, 2);
  withSwitchOptions(command)
    .addHelpText("after", ABOUT)
    .action((release: string | undefined, words: Words) => {
      return end(words.json === true, () => upgradeDeployment(release, words));
    });
}

async function upgradeDeployment(release: string | undefined, words: Words): Promise<Ending> {
  const { dir, inPlace, rehearse, keep, watch, abort = false } = words;
  const [{ upgrade }, { formatDifferences }] = await Promise.all([
    import("../operate/upgrade/upgrade"),
    import("../operate/deployed/text"),
  ]);
  const describe = (plan: UpgradePlan) => [formatDifferences(plan.differences), ...planLines(plan)].join("\n");
  const request = {
    dir,
    environment: process.env,
    progress: progressInLines(),
    release,
    inPlace,
    rehearse,
    keep,
    watch,
    abort,
    agrees: agreement(words, describe),
  };
  const result = await upgrade(request);
  switch (result.kind) {
    case "refused":
      return refusal(result.refused);
    case "nothing-to-do":
      return { outcome: "ok", text: "what runs is what the files say: nothing to do" };
    case "not-agreed":
      return notAgreed(words, describe(result.plan), result.plan);
    case "ended":
      return ended(words, "upgraded", result);
  }
}

function planLines(plan: UpgradePlan): readonly string[] {
  const { bytes, shared, volumes, free, rehearses, waiting, oneWay, state, snapshot } = plan;
  const waitingText =
    waiting === undefined
      ? "as long as services take to start"
      : `at most about ${Math.ceil(waiting)} s while those start that share data`;
  const shareText = shared === 0 ? "" : `, ${megabytes(shared)} of them without taking room: the copy shares them`;
  const changed = ["what it changes in the data, and the release that runs cannot read any more:"];
  return [
    ...(oneWay.length === 0 ? [] : [...changed, ...oneWay.map((sentence) => `  ${sentence}`)]),
    snapshot !== undefined
      ? `${megabytes(bytes)} of data in ${volumes} volumes are changed in place: nothing is copied, and nothing tried first`
      : volumes === 0
        ? "no data to copy"
        : `${megabytes(bytes)} of data in ${volumes} volumes are copied${shareText}; ${megabytes(free)} are free`,
    rehearses
      ? "the new release is tried on the copy first; that takes about as much memory as what runs"
      : "the new release is not tried first",
    `users wait ${waitingText}, and the time that services take to stop`,
    snapshot === undefined
      ? `the way back is state ${state}`
      : `the way back from then on is the backup ${snapshot}: what users do after it is then lost`,
  ];
}
