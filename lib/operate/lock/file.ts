import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageLock } from "../../construct/image-lock";
import { replaceFile } from "../../disk/replace-file";
import { messageOf, OperateError, systemCode } from "../error";

/** The lock of a directory, as it was when it was read. */
export interface LockOnDisk {
  readonly path: string;
  /** `undefined` when there is none. */
  readonly text: string | undefined;
  /** `undefined` when there is none. */
  readonly lock: ImageLock | undefined;
}

/**
 * Reads the lock of a directory, if it has one.
 *
 * @throws ConstructError `bad-lock`
 * @throws OperateError `cannot-read`
 */
export async function readLock(directory: string): Promise<LockOnDisk> {
  const path = join(directory, ImageLock.fileName);
  const text = await textAt(path);
  return { path, text, lock: text === undefined ? undefined : ImageLock.parse(text, path) };
}

/**
 * Puts a lock in the place of the one that was read: whole or not at all. Nothing is touched when they are equal.
 *
 * @returns whether anything was written
 * @throws OperateError `changed-meanwhile`, `cannot-write`: everything is as it was
 */
export async function writeLock({ path, text }: LockOnDisk, lock: ImageLock): Promise<boolean> {
  const next = lock.toString();
  if (text === next) return false;
  await replaceFile(path, next, async () => {
    if ((await textAt(path)) !== text) throw changedMeanwhile(path);
  });
  return true;
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined;
    const fix = "give this user the right to read it, or move away what has its name";
    throw new OperateError({ code: "cannot-read", path, reason: `cannot be read: ${messageOf(error)}`, fix });
  }
}

function changedMeanwhile(path: string): OperateError {
  return new OperateError({
    code: "changed-meanwhile",
    path,
    reason: "was changed by somebody else since it was read; nothing was written",
    fix: "run this again",
  });
}
