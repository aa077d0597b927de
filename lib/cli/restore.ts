import type { Command } from "commander";
import { megabytes } from "../operate/amounts";
import type { FoundSnapshot } from "../operate/restore/fetch";
import type { RestorePlan } from "../operate/restore/restore";
import { minute } from "../report/minute";
import { shellWord } from "../report/shell-word";
import { isInteractive, keyInPrivate } from "./ask";
import { exitLines } from "./exit-text";
import { type Ending, end, refusal } from "./operation";
import { DIR } from "./options";
import { progressInLines } from "./progress";
import { UsageError } from "./report";
import { agreement, ended, notAgreed, type SwitchWords, withSwitchOptions } from "./switch";

const ABOUT = `
Brings back a snapshot that \`backup\` made: without a name, the last one. It is fetched and compared, file by file, with what
was backed up; put into volumes of a new generation; started beside what runs, where nobody can reach it; and only then takes
the place of what runs: data, files, .env and images of the same time. What runs now stays as a state: \`rollback\` brings it
back. If anything fails, everything goes back to what it was before. If it is interrupted, run the same command again: it
continues.

With --only it brings back some volumes. The others stay as they are, and so do the files and .env.

With --new a deployment is made on a host that has nothing of it, in an empty directory, and started. It needs the
repository and the key. It asks for the key, or reads it from the standard input or from restic's own variables. If it is
interrupted, \`restore --new DIR\` suffices: it begins anew with the same snapshot.

examples:
  lamb-compose restore --dir lamb                               the last snapshot
  lamb-compose restore 1a2b3c4d --dir lamb                      this one: \`lamb-compose backup list\` shows them
  lamb-compose restore --only lamb-data,kb-data --dir lamb      two volumes of it
  lamb-compose restore --new lamb sftp:user@host:/backups/lamb
  lamb-compose restore --new lamb /mnt/disk/lamb 1a2b3c4d --key-from-stdin --yes < key.txt

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

interface Words extends SwitchWords {
  readonly new?: string;
  readonly only?: readonly string[];
  readonly rehearse: boolean;
  readonly keyFromStdin?: true;
}

/** Adds the command that brings back a snapshot. */
export function registerRestore(program: Command): void {
  const command = program
    .command("restore")
    .description("bring back a snapshot that backup made, into new volumes, with a way back")
    .argument("[SNAPSHOT...]", "a snapshot; with --new, a repository, and perhaps a snapshot of it")
    .option(...DIR)
    .option("--new <DIR>", "make a deployment in this empty directory")
    .option("--only <VOLUMES>", "bring back these volumes alone, such as lamb-data,kb-data", (word) => word.split(","))
    .option("--no-rehearse", "do not start it beside what runs first")
    .option("--key-from-stdin", "with --new: read the key from the standard input");
  withSwitchOptions(command)
    .addHelpText("after", ABOUT)
    .action((names: readonly string[], words: Words) => {
      return end(words.json === true, () =>
        words.new === undefined ? bringBack(names, words) : makeNew(names, words),
      );
    });
}

async function bringBack([snapshot, ...more]: readonly string[], words: Words): Promise<Ending> {
  if (more.length > 0) throw new UsageError("restore: name one snapshot");
  if (words.keyFromStdin === true) throw new UsageError("--key-from-stdin is for --new");
  const { dir, only, rehearse, watch, abort = false } = words;
  const { restore } = await import("../operate/restore/restore");
  const request = {
    dir,
    environment: process.env,
    progress: progressInLines(),
    snapshot,
    only,
    rehearse,
    watch,
    abort,
  };
  const result = await restore({ ...request, agrees: agreement(words, planText) });
  switch (result.kind) {
    case "refused":
      return refusal(result.refused);
    case "not-agreed":
      return notAgreed(words, planText(result.plan), result.plan);
    case "ended":
      return ended(words, "restored", result);
  }
}

function planText(plan: RestorePlan): string {
  const { snapshot, time, releases, bytes, volumes, others, breaks, images, moved, leftOut, state } = plan;
  const products = Object.entries(releases).map(([product, version]) => `, ${product} ${version}`);
  return [
    `snapshot ${snapshot.slice(0, 8)} of ${minute(time)} UTC${products.join("")}: ${megabytes(bytes)}`,
    `restored: ${volumes.join(", ")}`,
    ...(others.length === 0 ? [] : [`stay as they are now: ${others.join(", ")}`]),
    ...breaks.map((sentence) => `  ${sentence}`),
    ...leftOut,
    ...images.map((name) => `  ${name} means again the image that it meant then`),
    ...moved.map((name) => `  ${name} is not the image of then, which is nowhere: what runs will be of another build`),
    "what was written since then is not visible any more; it stays in the present volumes",
    `the way back is state ${state}`,
  ].join("\n");
}

async function makeNew([repository, snapshot, ...more]: readonly string[], words: Words): Promise<Ending> {
  const { new: dir = ".", only, json } = words;
  const { interruptedNew, restoreNew } = await import("../operate/restore/restore-new");
  const cutOff = repository === undefined ? await interruptedNew(dir) : undefined;
  if ((repository === undefined && cutOff === undefined) || more.length > 0)
    throw new UsageError("restore --new DIR: name a repository, and perhaps a snapshot of it");
  if (only !== undefined) throw new UsageError("--only is for a deployment that is there, and not for --new");
  const [{ leftOutText }, { up }, { examine }, { formatResults }] = await Promise.all([
    import("../operate/backup/left-out"),
    import("../operate/up/up"),
    import("../operate/doctor/doctor"),
    import("../operate/doctor/text"),
  ]);
  const progress = progressInLines();
  const given = ["RESTIC_PASSWORD", "RESTIC_PASSWORD_FILE", "RESTIC_PASSWORD_COMMAND"].some(
    (name) => process.env[name],
  );
  const asks = words.keyFromStdin === true || (!given && cutOff?.hasKey !== true && isInteractive());
  const key = asks ? await keyInPrivate(words.keyFromStdin === true) : undefined;
  const text = ({ id, manifest }: FoundSnapshot) => {
    const { time, project, leftOut } = manifest;
    const line = `snapshot ${id.slice(0, 8)} of ${minute(time)} UTC, project ${project}, into ${dir}`;
    return [line, ...leftOutText(leftOut)].join("\n");
  };
  const request = { dir, environment: process.env, progress, repository, snapshot: snapshot ?? cutOff?.snapshot, key };
  const result = await restoreNew({ ...request, agrees: agreement(words, text) });
  if (result.kind === "not-agreed") return notAgreed(words, text(result.found), { snapshot: result.found.id });
  const { outcome, error, second } = result;
  if (outcome !== "ok")
    return { outcome, error: second ?? error, text: "nothing was made; the repository is as it was" };
  const started = await up({ dir, environment: process.env, progress });
  const isUp = started.refused === undefined && started.outcome === "ok";
  const results = started.refused ?? (await examine({ dir, environment: process.env }));
  const lines = [
    ...(json === true ? [] : [formatResults(results).trimEnd()]),
    isUp
      ? `restored into ${dir}, and started`
      : `restored into ${dir}, and not started: correct the problem above, and run lamb-compose up --dir ${shellWord(dir)}`,
  ];
  const failed = started.refused === undefined ? started.outcome : "refused";
  return {
    outcome: isUp ? "ok" : failed,
    error: started.refused === undefined ? started.error : undefined,
    text: lines.join("\n"),
    json: { snapshot: result.snapshot },
  };
}
