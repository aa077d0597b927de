import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { ConstructError } from "../report/errors";
import { FileError, messageOf } from "./error";

/**
 * Puts a text in the place of a file: whole, or not at all.
 *
 * @param ready called when the text is on the disk, before it takes the file's place; an error leaves the file as it was
 * @throws FileError `cannot-write`, and what `ready` throws: everything is as it was
 */
export async function replaceFile(path: string, text: string, ready?: () => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await stage(temporary, text);
    await ready?.();
    await rename(temporary, path);
  } catch (error) {
    throw error instanceof ConstructError ? error : unwritable(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function stage(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function unwritable(path: string, error: unknown): FileError {
  return new FileError({
    code: "cannot-write",
    path,
    reason: `could not be written, and was left as it was: ${messageOf(error)}`,
    fix: "give this user the right to write in its folder, and make room",
  });
}
