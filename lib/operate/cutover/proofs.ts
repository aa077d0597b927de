import { join } from "node:path";
import { z } from "zod";
import { readText } from "../../disk/read-file";
import { parsedJson } from "../../spec/json";
import { type BackupRecords, readBackupRecords } from "../backup/records";
import { STATE_FOLDER } from "../journal/folder";
import { type HistoryEntry, readHistory } from "../journal/history";
import { MIGRATION_FILE } from "../migrate/steps";
import type { OutsideAnswer } from "../verify/outside";

/** What a proof is about, in the order in which they come. */
export const PROOF_TOPICS = {
  install: "it was installed, and runs",
  migration: "the data of the older installation are in it",
  backup: "a backup was restored on trial",
  start: "it starts by itself, each service until it is well",
  outside: "it answers its users",
  upgrade: "another release, or other settings, came in by an upgrade",
} as const;

/** Whether something was shown of a deployment. */
export interface Proof {
  readonly topic: keyof typeof PROOF_TOPICS;
  /** `unknown`: nothing that is kept says so. */
  readonly state: "shown" | "failed" | "unknown";
  /** What was seen, or why it counts for nothing: a clause. */
  readonly text: string;
  /** ISO time at which it was seen. @default - it was not */
  readonly when?: string | undefined;
  /** The command that shows it. @default - it is shown */
  readonly command?: string | undefined;
}

const MIGRATION = z.looseObject({
  from: z.string(),
  files: z.array(z.looseObject({ files: z.array(z.unknown()) })).default([]),
  rewritten: z.array(z.looseObject({ changed: z.number() })).default([]),
});

/** What a migration into a deployment left behind of itself. */
export type MigrationRecord = z.infer<typeof MIGRATION>;

/** What was migrated into a deployment. `undefined` when nothing was. @throws FileError */
async function readMigration(dir: string): Promise<MigrationRecord | undefined> {
  const text = await readText(join(dir, STATE_FOLDER, MIGRATION_FILE));
  return MIGRATION.safeParse(parsedJson(text ?? "")).data;
}

/** What the records of a deployment say. */
export interface Records {
  readonly history: readonly HistoryEntry[];
  readonly backups: BackupRecords;
  readonly migration: MigrationRecord | undefined;
  /** What it answered when it was asked. @default - it was not asked */
  readonly answers: readonly OutsideAnswer[] | undefined;
}

/** @throws OperateError `bad-journal`; FileError */
export async function readRecords(dir: string): Promise<Omit<Records, "answers">> {
  return {
    history: await readHistory(dir),
    backups: await readBackupRecords(dir),
    migration: await readMigration(dir),
  };
}

/**
 * What was shown of a deployment, and what was not, with the command that does.
 *
 * @param from folders of the older installation; the first is what `migrate` is given
 * @param dir as it is given to commands
 */
export function proofsOf(
  { history, backups, migration, answers }: Records,
  from: readonly string[],
  dir: string,
): readonly Proof[] {
  const last = (test: (entry: HistoryEntry) => boolean) => history.findLast(test);
  const installed = history[0];
  const started = last(({ seconds }) => Object.keys(seconds).length > 0);
  const upgraded = last(({ operation }) => operation === "upgrade");
  const rolledBack = last(({ operation }) => operation === "rollback");
  const backup = backups.backups.findLast(({ verified }) => verified === "restored");
  const migrated = last(({ operation }) => operation === "migrate");
  const to = `--dir ${dir}`;
  return [
    installed === undefined
      ? unknown("install", "no state of it was kept", `lamb-compose up ${to}`)
      : shown("install", `by \`${installed.operation}\`; ${history.length} states were kept`, installed.ended),
    migrationProof(migration, migrated, from, to),
    backup === undefined
      ? unknown("backup", lastBackup(backups), `lamb-compose backup ${to} --verify restore`)
      : shown("backup", `snapshot ${backup.snapshot.slice(0, 8)}, services paused for ${backup.held} s`, backup.time),
    started === undefined
      ? unknown("start", "no start of it was measured", `lamb-compose up ${to}`)
      : shown("start", `the slowest service took ${Math.max(...Object.values(started.seconds))} s`, started.ended),
    outsideProof(answers, to),
    upgraded === undefined
      ? unknown("upgrade", "none was made", `lamb-compose upgrade ${to}`)
      : shown(
          "upgrade",
          rolledBack === undefined ? "it was not rolled back so far" : "and a rollback was made",
          upgraded.ended,
        ),
  ];
}

function shown(topic: Proof["topic"], text: string, when?: string): Proof {
  return { topic, state: "shown", text, when };
}

function unknown(topic: Proof["topic"], text: string, command: string): Proof {
  return { topic, state: "unknown", text, command };
}

function migrationProof(
  migration: MigrationRecord | undefined,
  migrated: HistoryEntry | undefined,
  from: readonly string[],
  to: string,
): Proof {
  const command = `lamb-compose migrate --from ${from[0]} ${to}`;
  if (migration === undefined || migrated === undefined)
    return unknown("migration", "no migration ended here", command);
  if (!from.includes(migration.from)) {
    return { topic: "migration", state: "failed", text: `those that are in it came from ${migration.from}`, command };
  }
  const files = migration.files.reduce((sum, one) => sum + one.files.length, 0);
  const rows = migration.rewritten.reduce((sum, { changed }) => sum + changed, 0);
  return shown("migration", `${files} files, compared one by one; ${rows} places in them rewritten`, migrated.ended);
}

function lastBackup({ backups }: BackupRecords): string {
  const last = backups.at(-1);
  return last === undefined
    ? "none was made with this tool"
    : `the last one, of ${last.time}, was not restored on trial`;
}

function outsideProof(answers: readonly OutsideAnswer[] | undefined, to: string): Proof {
  const command = `lamb-compose verify ${to}`;
  if (answers === undefined || answers.length === 0) return unknown("outside", "nobody asked it", command);
  const wrong = answers.filter(({ problem }) => problem !== undefined);
  const text = `${answers.length - wrong.length} of ${answers.length} questions were answered as they should be`;
  if (wrong.length === 0) return shown("outside", text, new Date().toISOString());
  return {
    topic: "outside",
    state: "failed",
    text: `${text}; not: ${wrong.map(({ what }) => what).join("; ")}`,
    command,
  };
}
