import { resolve } from "node:path";
import { z } from "zod";
import { parsedAnswer } from "../engine/answer";
import { Docker } from "../engine/docker";
import { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { type BackupRecord, changeBackupRecords, readBackupRecords } from "./records";
import { openRepository, projectTag, type Repository, type RepositoryRequest, TAG } from "./repository";
import { UNLIKE_RESTIC } from "./restic";

/** Milliseconds by which clocks of two hosts may differ. */
const CLOCK_MS = 300_000;

const SNAPSHOT = z.looseObject({ id: z.string(), time: z.string(), hostname: z.string().default("") });

/** A snapshot in a repository. */
export interface Snapshot {
  /** restic's name of it. */
  readonly id: string;
  /** ISO time. */
  readonly time: string;
  readonly host: string;
  /** Bytes of the data, where this deployment remembers them. */
  readonly bytes: number | undefined;
  /** What was proved of it, where this deployment remembers that. */
  readonly verified: "read" | "restored" | undefined;
}

/**
 * The snapshots of a deployment, the oldest first.
 *
 * @throws OperateError
 */
export async function listSnapshots(
  request: RepositoryRequest,
): Promise<{ readonly place: string; readonly snapshots: readonly Snapshot[] }> {
  const repository = await openRepository(request);
  const { name } = await new ComposeProject(resolve(request.dir), new Docker(request.environment)).model();
  const { backups } = await readBackupRecords(request.dir);
  const snapshots = (await snapshotsIn(repository, backups, name)).map(({ id, time, hostname }) => {
    const known = backups.find(({ snapshot }) => id.startsWith(snapshot));
    const at = known?.time ?? new Date(time).toISOString();
    return { id, time: at, host: hostname, bytes: known?.bytes, verified: known?.verified };
  });
  return { place: repository.place, snapshots };
}

/**
 * The snapshot that is meant.
 *
 * @param named by the beginning of its name. @default - the last one
 * @param about of which project the last one is, @default - any; and the backups that are remembered of it, the last one last
 * @throws OperateError `no-snapshot`
 */
export async function snapshotNamed(
  repository: Repository,
  named: string | undefined,
  { project, backups = [] }: { readonly project?: string; readonly backups?: readonly BackupRecord[] } = {},
): Promise<{ readonly id: string; readonly time: string }> {
  const isLast = named === undefined || named === "latest";
  const all = await snapshotsIn(repository, backups, isLast ? project : undefined);
  const found = isLast ? all.slice(-1) : all.filter(({ id }) => id.startsWith(named));
  const [only, another] = found;
  if (only !== undefined && isLast && isToCome(only) && recordAt(only, backups) < 0) {
    const reason = `has one of a time to come, ${only.time}: a clock is or was wrong, so that nobody can say which is the last`;
    const fix = `name the one that is meant: ${namesOf(all)}`;
    throw new OperateError({ code: "no-snapshot", path: repository.place, reason, fix });
  }
  if (only !== undefined && another === undefined) return only;
  const reason = another === undefined ? "has no such snapshot" : "has several snapshots whose names begin so";
  throw new OperateError({
    code: "no-snapshot",
    path: repository.place,
    ...(named === undefined ? {} : { value: named }),
    reason: named === undefined ? "has no snapshot that `lamb-compose backup` made of this deployment" : reason,
    fix: all.length === 0 ? "make one with `lamb-compose backup`" : `name one of ${namesOf(all)}`,
  });
}

function namesOf(snapshots: readonly { readonly id: string }[]): string {
  const last = snapshots.slice(-10);
  return last.map(({ id }) => id.slice(0, 8)).join(", ");
}

function isToCome({ time }: { readonly time: string }): boolean {
  return Date.parse(time) > Date.now() + CLOCK_MS;
}

/**
 * Reads a repository, or a part of it, and says whether it is sound.
 *
 * @param part such as `10%`. @default - all
 * @returns the place
 * @throws OperateError `repository-damaged`, and others
 */
export async function checkSnapshots(request: RepositoryRequest, part?: string): Promise<string> {
  const { restic, place } = await openRepository(request);
  await restic.must(["check", part === undefined ? "--read-data" : `--read-data-subset=${part}`]);
  if (part === undefined) {
    await changeBackupRecords(request.dir, (now) => ({ ...now, checked: new Date().toISOString() }));
  }
  return place;
}

/** The oldest first: as this deployment made them, and those of others, as a host that was lost, by restic's time. */
async function snapshotsIn(
  { restic }: Repository,
  backups: readonly BackupRecord[],
  project?: string,
): Promise<readonly z.infer<typeof SNAPSHOT>[]> {
  const tag = project === undefined ? TAG : `${TAG},${projectTag(project)}`;
  const text = await restic.must(["snapshots", "--json", "--tag", tag]);
  const found = parsedAnswer(text, z.array(SNAPSHOT).nullable(), "restic snapshots", UNLIKE_RESTIC) ?? [];
  const byTime = [...found].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  const place = (snapshot: { readonly id: string }) => recordAt(snapshot, backups);
  const own = byTime.filter((one) => place(one) >= 0).sort((one, other) => place(one) - place(other));
  // A clock that was wrong for a while changes nothing of the order in which they were made.
  return byTime.map((one) => (place(one) >= 0 ? (own.shift() ?? one) : one));
}

/** Where a snapshot stands among the backups that are remembered. Below 0 when it does not. */
function recordAt({ id }: { readonly id: string }, backups: readonly BackupRecord[]): number {
  return backups.findIndex(({ snapshot }) => id.startsWith(snapshot));
}
