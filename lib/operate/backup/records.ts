import { join } from "node:path";
import { z } from "zod";
import { readText } from "../../disk/read-file";
import { replaceFile } from "../../disk/replace-file";
import { parsedJson } from "../../spec/json";
import { OperateError } from "../error";
import { STATE_FOLDER, stateFolder } from "../journal/folder";

const NAME = "backups.json";
const VERSION = 1;
/** How many backups are remembered. The repository knows all that it keeps. */
const REMEMBERED = 100;

const BACKUP = z.object({
  /** restic's name of the snapshot. */
  snapshot: z.string(),
  /** ISO time of the instant that it shows. */
  time: z.string(),
  /** Bytes of the data. */
  bytes: z.number(),
  /** Bytes by which the repository grew. */
  added: z.number(),
  /** For how many seconds services were held. */
  held: z.number(),
  /** What was proved of it afterwards: that part of the data can be read, or that it starts. */
  verified: z.enum(["read", "restored"]).optional(),
});

const RECORDS = z.object({
  version: z.literal(VERSION),
  /** What somebody said of the key: where it was put, and when. */
  key: z.object({ keptAt: z.string(), time: z.string() }).optional(),
  /** restic's name of the repository that was used last. */
  repository: z.string().optional(),
  /** ISO time at which what is not needed any more was last removed from the repository. */
  pruned: z.string().optional(),
  /** ISO time at which a check of the whole repository last went well. */
  checked: z.string().optional(),
  /** The latest last. */
  backups: z.array(BACKUP),
});

/** One backup that was made. */
export type BackupRecord = z.infer<typeof BACKUP>;

/** What a deployment remembers of its backups. Nothing of it is secret. */
export type BackupRecords = z.infer<typeof RECORDS>;

/**
 * What a deployment remembers of its backups: empty when it has made none.
 *
 * @throws OperateError `bad-journal`; FileError
 */
export async function readBackupRecords(dir: string): Promise<BackupRecords> {
  const path = join(dir, STATE_FOLDER, NAME);
  const text = await readText(path);
  if (text === undefined) return { version: VERSION, backups: [] };
  const parsed = RECORDS.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new OperateError({
    code: "bad-journal",
    path,
    reason: "is not a record of backups that this version can read",
    fix: "use the version that wrote it; or move the file away: the repository itself knows its snapshots",
  });
}

/** Changes what is remembered. @throws OperateError; FileError */
export async function changeBackupRecords(dir: string, change: (now: BackupRecords) => BackupRecords): Promise<void> {
  await stateFolder(dir);
  const after = change(await readBackupRecords(dir));
  const kept = { ...after, backups: after.backups.slice(-REMEMBERED) };
  await replaceFile(join(dir, STATE_FOLDER, NAME), `${JSON.stringify(kept, undefined, 2)}\n`);
}
