import { type FileHandle, lstat, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ConstructError } from "../report/errors";
import { FileError, ifThere, messageOf, systemCode } from "./error";
import { type FileLock, takeLock } from "./lock";
import { assertFile } from "./read-file";
import { DIRECTORY_LOCK } from "./reserved-names";
import { removeForgotten, temporaryPath } from "./temporary";

const PERMISSIONS = 0o777;
const PUBLIC = 0o644;
/** Who may read and write what is secret: its owner. */
const PRIVATE = 0o600;

/** Whose a file is, and who may do what with it. */
export interface Rights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface StageOptions {
  /** Rights of the file that is replaced, which the new one is to have. @default - there is none: the folder's owner's */
  readonly before?: Rights | undefined;
  /** Whether nobody but the owner may read it, and it is not written when it cannot be the owner's. @default false */
  readonly secret?: boolean | undefined;
}

/** The owner and the permissions in the status of a file. */
export function rightsIn({ mode, uid, gid }: Rights): Rights {
  return { mode: mode & PERMISSIONS, uid, gid };
}

/**
 * Writes a text to the disk beside the file whose place it will take, with that one's owner and permissions from the
 * first byte on. What fails leaves nothing.
 *
 * @returns path of the temporary file
 * @throws FileError `other-owner` of what is secret
 */
export async function stageFile(
  target: string,
  content: string | Uint8Array,
  options: StageOptions = {},
  path: string = temporaryPath(target),
): Promise<string> {
  const { before, secret = false } = options;
  const file = await open(path, "wx", before === undefined && !secret ? PUBLIC : PRIVATE);
  try {
    await giveRights(file, target, before, secret);
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return path;
}

async function giveRights(
  file: FileHandle,
  target: string,
  before: Rights | undefined,
  secret: boolean,
): Promise<void> {
  const wanted = before ?? (await ownerOfFolder(target));
  const isOwners = wanted === undefined || (await giveOwner(file, wanted));
  if (before !== undefined && secret && !isOwners) {
    const fix = "run this as the file's owner, or as root";
    throw new FileError({ code: "other-owner", path: target, reason: `belongs to another user (${before.uid})`, fix });
  }
  const now = await file.stat();
  const mode = secret ? PRIVATE : before === undefined ? rightsIn(now).mode : modeFor(before, now.gid);
  if (rightsIn(now).mode !== mode) await file.chmod(mode);
}

/** @returns whether the file is that owner's now. Only the administrator of a host can give files away. */
async function giveOwner(file: FileHandle, { uid, gid }: Pick<Rights, "uid" | "gid">): Promise<boolean> {
  const own = await file.stat();
  if (own.uid === uid && own.gid === gid) return true;
  for (const owner of [uid, own.uid]) {
    try {
      await file.chown(owner, gid);
      return owner === uid;
    } catch {
      // A member of the group may still give it the group.
    }
  }
  return own.uid === uid;
}

/** Where the group could not be kept, another one gets no more than everybody. */
function modeFor({ mode, gid }: Rights, actual: number): number {
  return gid === actual ? mode : (mode & 0o707) | ((mode & 0o007) << 3);
}

/** Whose a new file is that root makes: the owner's of its folder, who is to work with it. */
async function ownerOfFolder(path: string): Promise<Rights | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  return rightsIn(await stat(dirname(path)));
}

/**
 * Makes a folder, and those that it lies in.
 *
 * @returns those that were not there, the outermost first
 */
export async function makeFolder(path: string): Promise<readonly string[]> {
  const first = await mkdir(path, { recursive: true });
  const made: string[] = [];
  if (first === undefined) return made;
  for (let at = path; ; at = dirname(at)) {
    made.unshift(at);
    if (at === first || dirname(at) === at) break;
  }
  for (const folder of made) await handOver(folder);
  return made;
}

async function handOver(folder: string): Promise<void> {
  const owner = await ownerOfFolder(folder);
  if (owner === undefined || owner.uid === 0) return;
  const handle = await open(folder, "r");
  try {
    await giveOwner(handle, owner);
  } finally {
    await handle.close();
  }
}

/** How systems say that a folder is not opened, or not brought to the disk by itself. */
const WITHOUT_SYNC: ReadonlySet<string> = new Set(["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"]);

/**
 * Has the disk know what is in a file, or the names in a folder, so that it is there after the power failed.
 *
 * @throws FileError `not-synced`
 */
export async function syncPath(path: string): Promise<void> {
  let opened: FileHandle | undefined;
  try {
    opened = await open(path, "r");
    await opened.sync();
  } catch (error) {
    if (WITHOUT_SYNC.has(systemCode(error) ?? "")) return;
    const reason = `is written, and the disk does not confirm it: ${messageOf(error)}`;
    throw new FileError({ code: "not-synced", path, reason, fix: "check the disk, and run this again" });
  } finally {
    await opened?.close();
  }
}

/**
 * Puts a text in the place of a file, through a link if it is one: whole, or not at all, with its owner and permissions,
 * and while no other run changes its folder.
 *
 * @param ready called when the text is on the disk, before it takes the file's place; an error leaves the file as it was
 * @throws FileError `in-use`, `not-a-file`, `cannot-write`, and what `ready` throws: everything is as it was; `not-synced`
 */
export async function replaceFile(path: string, text: string, ready?: () => Promise<void>): Promise<void> {
  let temporary: string | undefined;
  let lock: FileLock | undefined;
  try {
    // Where the path leads; the path itself when nothing is there.
    const target = (await ifThere(realpath(path))) ?? path;
    const before = await rightsOf(target, path);
    lock = await takeLock(join(dirname(target), DIRECTORY_LOCK), path);
    await removeForgotten(dirname(target));
    temporary = await stageFile(target, text, { before });
    await ready?.();
    await rename(temporary, target);
    await syncPath(dirname(target));
  } catch (error) {
    throw error instanceof ConstructError ? error : unwritable(path, error);
  } finally {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    await lock?.release();
  }
}

async function rightsOf(target: string, path: string): Promise<Rights | undefined> {
  const stats = await ifThere(lstat(target));
  if (stats === undefined) return undefined;
  assertFile(stats, path);
  return rightsIn(stats);
}

/** The error for a file that could not be written. */
export function unwritable(path: string, error: unknown): FileError {
  return new FileError({
    code: "cannot-write",
    path,
    reason: `could not be written, and was left as it was: ${messageOf(error)}`,
    fix: "allow this user to write in its folder, and make room",
  });
}
