import { link, lstat, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isWithoutLinks, removeForgottenLock, takeLock } from "../../disk/lock";
import { type FileContent, readContent, textOf } from "../../disk/read-file";
import { type Rights, rightsIn, stageFile, syncPath, unwritable } from "../../disk/replace-file";
import { removeForgotten } from "../../disk/temporary";
import { ConstructError } from "../../report/errors";
import { messageOf, OperateError, systemCode } from "../error";

const OF_OTHERS = 0o077;
const WRITABLE = 0o222;

/** An operator's `.env`, as it was when it was read. */
export interface EnvOnDisk {
  /** The path that was asked for. */
  readonly path: string;
  /** The file itself: where a link leads. */
  readonly realPath: string;
  /** `undefined` when there is none. */
  readonly text: string | undefined;
  /** Permissions, owner and group. `undefined` when there is no file. */
  readonly rights: Rights | undefined;
}

/**
 * Reads an `.env`, through a link if it is one.
 *
 * @throws OperateError `dangling-link`, `not-a-directory`, `cannot-read`
 * @throws FileError `not-a-file`, `too-large`, `cannot-read`, `not-text`
 */
export async function readEnvOnDisk(path: string): Promise<EnvOnDisk> {
  const realPath = await targetOf(path);
  const content: FileContent | undefined = await readContent(realPath);
  if (content === undefined) return { path, realPath, text: undefined, rights: undefined };
  return { path, realPath, text: textOf(content.bytes, path), rights: rightsIn(content.stats) };
}

/** Whether others than the owner may read or change the file. */
export function isOpenToOthers(file: EnvOnDisk): boolean {
  return ((file.rights?.mode ?? 0) & OF_OTHERS) !== 0;
}

/**
 * Puts a text in the place of the file: whole or not at all, for nobody but the owner, through a link if it is one. The
 * owner stays. What somebody else wrote since the file was read is not overwritten.
 *
 * @param backup path at which what was there is kept; nothing is kept without one
 * @throws OperateError `read-only`, `changed-meanwhile`; FileError `other-owner`, `in-use`, `cannot-write`: nothing was
 * changed; `not-synced`
 */
export async function writeEnvOnDisk(file: EnvOnDisk, text: string, backup?: string): Promise<void> {
  if (file.rights !== undefined && (file.rights.mode & WRITABLE) === 0) {
    throw failure("read-only", file.path, "is write-protected", "allow its owner to write it: chmod u+w");
  }
  const folder = dirname(file.realPath);
  const made = new Set<string>();
  let release = (): Promise<void> => Promise.resolve();
  try {
    const lock = await takeLock(lockPath(file), file.path);
    release = () => lock.release();
    await removeForgotten(folder);
    await assertUnchanged(file);
    const options = { before: file.rights, secret: true };
    const temporary = await stageFile(file.realPath, text, options);
    made.add(temporary);
    if (backup !== undefined && file.text !== undefined) {
      await stageFile(file.realPath, file.text, options, backup);
      made.add(backup);
      await syncPath(folder);
    }
    if (file.text === undefined) await create(file, temporary);
    else await rename(temporary, file.realPath);
    if (backup !== undefined) made.delete(backup);
    await syncPath(folder);
  } catch (error) {
    throw error instanceof ConstructError ? error : unwritable(file.path, error);
  } finally {
    for (const path of made) await rm(path, { force: true }).catch(() => undefined);
    await release();
  }
}

/** Where a path leads. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw unreadable(path, error);
  }
  try {
    if ((await lstat(path)).isSymbolicLink()) {
      const fix = "create the file that it points to, or remove the link";
      throw failure("dangling-link", path, "is a link to a file that does not exist", fix);
    }
  } catch (error) {
    if (error instanceof OperateError) throw error;
    if (systemCode(error) !== "ENOENT") throw unreadable(path, error);
  }
  return path;
}

/**
 * For a file that needs no change: makes sure that it is as it was when it was read, and removes what a run that was
 * killed left beside it.
 *
 * @throws OperateError `changed-meanwhile`
 */
export async function leaveEnvOnDisk(file: EnvOnDisk): Promise<void> {
  await removeForgotten(dirname(file.realPath));
  await removeForgottenLock(lockPath(file));
  await assertUnchanged(file);
}

function lockPath(file: EnvOnDisk): string {
  return `${file.realPath}.lock`;
}

async function assertUnchanged(file: EnvOnDisk): Promise<void> {
  const now = await readEnvOnDisk(file.path);
  if (now.text !== file.text || now.realPath !== file.realPath) throw changedMeanwhile(file);
}

/** Gives the file its name, unless something has that name by now. */
async function create(file: EnvOnDisk, temporary: string): Promise<void> {
  try {
    await link(temporary, file.realPath);
  } catch (error) {
    if (systemCode(error) === "EEXIST") throw changedMeanwhile(file);
    if (!isWithoutLinks(error)) throw error;
    await assertUnchanged(file);
    await rename(temporary, file.realPath);
  }
}

/** The place of a backup beside the file itself. */
export function backupPath(file: EnvOnDisk, now: Date): string {
  const stamp = now.toISOString().replaceAll(":", "-");
  return join(dirname(file.realPath), `.env.${stamp}.bak`);
}

function failure(code: string, path: string, reason: string, fix: string): OperateError {
  return new OperateError({ code, path, reason, fix });
}

function changedMeanwhile(file: EnvOnDisk): OperateError {
  const reason = "was changed by somebody else since it was read; nothing was written";
  return failure("changed-meanwhile", file.path, reason, "look at it, and run this again");
}

function unreadable(path: string, error: unknown): OperateError {
  if (systemCode(error) === "ENOTDIR") {
    const fix = "name the directory of the deployment with --dir";
    return failure("not-a-directory", dirname(path), "is not a directory", fix);
  }
  return failure("cannot-read", path, `cannot be read: ${messageOf(error)}`, "allow this user to read it");
}
