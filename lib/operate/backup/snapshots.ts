import { resolve } from "node:path";
import { z } from "zod";
import { parsedAnswer } from "../engine/answer";
import { Docker } from "../engine/docker";
import { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { changeBackupRecords, readBackupRecords } from "./records";
import { openRepository, projectTag, type Repository, type RepositoryRequest, TAG } from "./repository";

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
  const snapshots = (await snapshotsIn(repository, name)).map(({ id, time, hostname }) => {
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
 * @param project of which the last one is. @default - any
 * @throws OperateError `no-snapshot`
 */
export async function snapshotNamed(
  repository: Repository,
  named: string | undefined,
  project?: string,
): Promise<{ readonly id: string; readonly time: string }> {
  const all = await snapshotsIn(repository, named === undefined || named === "latest" ? project : undefined);
  const found =
    named === undefined || named === "latest" ? all.slice(-1) : all.filter(({ id }) => id.startsWith(named));
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  const reason = another === undefined ? "has no such snapshot" : "has several snapshots whose names begin so";
  throw new OperateError({
    code: "no-snapshot",
    path: repository.place,
    ...(named === undefined ? {} : { value: named }),
    reason: named === undefined ? "has no snapshot that `lamb-compose backup` made of this deployment" : reason,
    fix:
      all.length === 0
        ? "make one with `lamb-compose backup`"
        : `name one of ${all
            .map(({ id }) => id.slice(0, 8))
            .slice(-10)
            .join(", ")}`,
  });
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

async function snapshotsIn({ restic }: Repository, project?: string): Promise<readonly z.infer<typeof SNAPSHOT>[]> {
  const tag = project === undefined ? TAG : `${TAG},${projectTag(project)}`;
  const text = await restic.must(["snapshots", "--json", "--tag", tag]);
  const found = parsedAnswer(text, z.array(SNAPSHOT).nullable(), "restic snapshots") ?? [];
  return [...found].sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
}
