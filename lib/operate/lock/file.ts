import { join } from "node:path";
import { ImageLock } from "../../construct/image/lock";
import { readText } from "../../disk/read-file";
import { replaceFile } from "../../disk/replace-file";
import { OperateError } from "../error";

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
 * @throws FileError `not-a-file`, `too-large`, `cannot-read`
 */
export async function readLock(directory: string): Promise<LockOnDisk> {
  const path = join(directory, ImageLock.fileName);
  const text = await readText(path);
  return { path, text, lock: text === undefined ? undefined : ImageLock.parse(text, path) };
}

/**
 * Puts a lock in the place of the one that was read: whole or not at all. Nothing is touched when they are equal.
 *
 * @returns whether anything was written
 * @throws OperateError `changed-meanwhile`; FileError `in-use`, `cannot-write`: everything is as it was
 */
export async function writeLock({ path, text }: LockOnDisk, lock: ImageLock): Promise<boolean> {
  const next = lock.toString();
  const assertUnchanged = async () => {
    if ((await readText(path)) !== text) throw changedMeanwhile(path);
  };
  if (text === next) {
    await assertUnchanged();
    return false;
  }
  await replaceFile(path, next, assertUnchanged);
  return true;
}

function changedMeanwhile(path: string): OperateError {
  return new OperateError({
    code: "changed-meanwhile",
    path,
    reason: "was changed by somebody else since it was read; nothing was written",
    fix: "run this again",
  });
}
