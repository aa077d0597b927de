import { userInfo } from "node:os";
import type { Command } from "commander";
import { megabytes } from "../operate/amounts";
import type { BackupRecord } from "../operate/backup/records";
import { inColumns } from "../report/columns";
import { minute } from "../report/minute";
import { shellWord } from "../report/shell-word";
import { askText, isInteractive } from "./ask";
import { exitLines } from "./exit-text";
import { type Ending, end } from "./operation";
import { AS_JSON, DIR } from "./options";
import { progressInLines } from "./progress";
import { say, UsageError, warn } from "./report";

const ABOUT = `
Puts the data, the files, the lock of images and the .env into a restic repository: encrypted, and without storing twice what
is the same. All data are of one instant. Users can go on working: a first copy is made while all runs, and services
are paused only while what changed since is copied. Databases are checked in the copy. restic must be on this host.

REPOSITORY is written as for restic: a folder, sftp:user@host:/folder, s3:https://host/bucket, rest:https://host/folder.
It is created if there is none, and recorded in DIR/.lamb-compose/backup.env, which restic itself can use, too; put the
credentials that restic needs there, or into the environment: AWS_ACCESS_KEY_ID=…

The first time, a key is generated. Without it nobody can read the backups, not even you: keep it where neither this host nor
the repository is. The backups have the .env in them: with the repository and the key, a whole deployment is restored elsewhere.

examples:
  lamb-compose backup --dir lamb --to /mnt/disk/lamb                      the first one: asks where you keep the key
  lamb-compose backup --dir lamb                                          the next ones
  lamb-compose backup --dir lamb --to /mnt/disk/lamb --key-kept safe      the first one without a terminal, after \`backup key\`
  lamb-compose backup list --dir lamb                                     what can be restored
  lamb-compose backup schedule --dir lamb --at 03:30                      systemd units, and a line for cron

Exit status:
${exitLines(["ok", "failed", "refused", "stuck", "busy"])}`;

const VERIFICATIONS = ["none", "quick", "restore"] as const;

interface Words {
  readonly dir: string;
  readonly to?: string;
  readonly json?: true;
}

interface BackupWords extends Words {
  readonly keep: string;
  readonly verify: string;
  readonly maxFreeze: number;
  readonly keyKept?: string;
}

/** Adds the commands that back up a deployment. */
export function registerBackup(program: Command): void {
  const backup = program
    .command("backup")
    .description("put data, files and .env of one instant into a repository, encrypted")
    .option(...DIR)
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .configureHelp({ showGlobalOptions: true });
  backup
    .option("--to <REPOSITORY>", "the repository; without it, that of the last backup, or RESTIC_REPOSITORY")
    .option("--keep <NUMBERS>", "how many snapshots stay", "last=3,daily=7,weekly=5,monthly=12")
    .option(
      "--verify <HOW>",
      "how the backup is checked: none; quick: read a part back; restore: restore a copy beside what runs, and start it",
      "quick",
    )
    .option("--max-freeze <SECONDS>", "how long services may be paused", seconds, 20)
    .option("--key-kept <WHERE>", "where the key is kept, when there is no terminal to ask in")
    .action((_: unknown, command: Command) => run(command, makeBackup));
  backup
    .command("list")
    .description("list the snapshots in the repository")
    .action((_: unknown, command: Command) => run(command, listBackups));
  backup
    .command("check")
    .description("read the whole repository, and check whether it is intact")
    .option("--part <PART>", "read only a part of it, such as 10% or 1/7", part)
    .action((_: unknown, command: Command) => run(command, checkRepository));
  backup
    .command("key")
    .description("print the key, or record where it is kept")
    .option("--kept <WHERE>", "where it is kept, such as: password manager of the department")
    .action((_: unknown, command: Command) => run(command, showKey));
  backup
    .command("schedule")
    .description("print systemd units and a line for cron that make backups")
    .option("--at <HH:MM>", "when, each day", "03:30")
    .option("--on-failure <COMMAND>", "what is run when a backup fails", 'logger -p user.err "backup of %i failed"')
    .action((_: unknown, command: Command) => run(command, printSchedule));
}

/** The options of a command of `backup`, those that stand before its name included. */
function run<W extends Words>(command: Command, act: (words: W) => Promise<Ending>): Promise<void> {
  const words = command.optsWithGlobals<W>();
  return end(words.json === true, () => act(words));
}

function seconds(word: string): number {
  if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
  throw new UsageError("--max-freeze: must be a number of seconds from 1 to 9999");
}

function part(word: string): string {
  if (/^\d+(\.\d+)?%$|^\d+\/\d+$/.test(word)) return word;
  throw new UsageError("--part: must be a part such as 10% or 1/7");
}

async function makeBackup({ dir, to, keep, verify, maxFreeze, keyKept, json }: BackupWords): Promise<Ending> {
  const [{ backup }, { retentionIn }] = await Promise.all([
    import("../operate/backup/backup"),
    import("../operate/backup/retention"),
  ]);
  const verification = VERIFICATIONS.find((name) => name === verify);
  if (verification === undefined) throw new UsageError(`--verify: must be one of ${VERIFICATIONS.join(", ")}`);
  const progress = progressInLines();
  const request = { dir, environment: process.env, progress, to, maxFreeze };
  const result = await backup({
    ...request,
    keep: retentionIn(keep),
    verify: verification,
    askKey: async (key) => keyKept ?? (json === true ? undefined : askWhere(dir, key)),
  });
  if (result.kind === "key-not-kept") return keyNotKept(dir);
  const { outcome, error, second, backup: made, place } = result;
  const text = made === undefined ? "nothing was backed up, and what runs is as it was" : madeText(made, place);
  return { outcome, error: second ?? error, text, json: { backup: made, repository: place } };
}

function madeText({ snapshot, bytes, added, held, verified }: BackupRecord, place: string): string {
  const proof =
    verified === undefined
      ? "it was not verified"
      : verified === "read"
        ? "a part was read back"
        : "it was restored, and starts";
  return `backed up ${megabytes(bytes)} as ${snapshot.slice(0, 8)} into ${place}, which grew by ${megabytes(added)}; services were paused for ${held.toFixed(1)} s; ${proof}`;
}

const KEY_TEXT = [
  "This key opens the backups, and nothing else does. Put it where neither this host nor the repository is,",
  "such as a password manager: without it every backup is lost.",
];

async function askWhere(dir: string, key: string): Promise<string | undefined> {
  if (!isInteractive()) return undefined;
  say(`\n  ${key}\n`);
  const { keptApart } = await import("../operate/backup/kept-apart");
  for (const line of [...KEY_TEXT, ...(await keptApart(dir, process.env))]) say(line);
  const answer = await askText("Where did you put it?");
  return answer.trim() === "" ? undefined : answer.trim();
}

function keyNotKept(dir: string): Ending {
  const place = shellWord(dir);
  const text = [
    "nothing was backed up: a key was made, and it is not recorded where it is kept",
    `  lamb-compose backup key --dir ${place}                prints it`,
    `  lamb-compose backup key --dir ${place} --kept WHERE   records where it is kept; then run this again`,
  ].join("\n");
  return { outcome: "refused", text };
}

async function listBackups({ dir, to }: Words): Promise<Ending> {
  const { listSnapshots } = await import("../operate/backup/snapshots");
  const { place, snapshots } = await listSnapshots({ dir, environment: process.env, to });
  const rows = snapshots.map(({ id, time, host, bytes, verified }) => {
    const size = bytes === undefined ? "-" : megabytes(bytes);
    return [id.slice(0, 8), minute(time), host, size, verified ?? "-"];
  });
  const table = [["snapshot", "instant (UTC)", "host", "data", "proved"], ...rows];
  const text = snapshots.length === 0 ? `${place} has no snapshot of this deployment` : inColumns(table).join("\n");
  return { outcome: "ok", text, json: { repository: place, snapshots } };
}

async function checkRepository({ dir, to, part: some }: Words & { readonly part?: string }): Promise<Ending> {
  const { checkSnapshots } = await import("../operate/backup/snapshots");
  const place = await checkSnapshots({ dir, environment: process.env, to }, some);
  return {
    outcome: "ok",
    text: `${place} is intact${some === undefined ? "" : `, as far as ${some} of it show`}`,
    json: { repository: place },
  };
}

async function showKey({ dir, kept }: Words & { readonly kept?: string }): Promise<Ending> {
  const [{ assureKey }, { keyKept }, { keptApart }] = await Promise.all([
    import("../operate/backup/repository"),
    import("../operate/backup/backup"),
    import("../operate/backup/kept-apart"),
  ]);
  if (kept !== undefined) {
    if (kept.trim() === "") throw new UsageError("--kept: name the place where it is kept");
    await assureKey(dir, process.env);
    await keyKept(dir, kept.trim());
    return { outcome: "ok", text: "recorded where the key is kept", json: { keptAt: kept.trim() } };
  }
  const key = await assureKey(dir, process.env);
  for (const line of [...KEY_TEXT, ...(await keptApart(dir, process.env))]) warn(line);
  return { outcome: "ok", text: key, json: { key } };
}

async function printSchedule({
  dir,
  at,
  onFailure,
}: Words & { readonly at: string; readonly onFailure: string }): Promise<Ending> {
  const { scheduleTexts } = await import("../operate/backup/schedule");
  const [node, program] = [process.execPath, process.argv[1] ?? "lamb-compose"];
  const user = userInfo().username;
  const texts = await scheduleTexts({ dir, at, onFailure, program: [node, program], user, environment: process.env });
  if (program.includes("/_npx/")) {
    warn(
      `${program} is a copy that npm may remove at any time: install it, and print this with the command installed:`,
    );
    warn("  npm install --global lamb-compose && lamb-compose backup schedule");
  }
  return {
    outcome: "ok",
    text: texts
      .map(({ path, text }) => `# ${path}\n${text}`)
      .join("\n")
      .trimEnd(),
    json: { files: texts },
  };
}
