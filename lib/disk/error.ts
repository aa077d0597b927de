import { ConstructError } from "../report/errors";

/** Files on the disk stand in the way of a write. Nothing was changed. */
export class WriteError extends ConstructError {
  override readonly name = "WriteError";
}

/** A file cannot be read or written. Its text never has a part of the file in it. */
export class FileError extends ConstructError {
  override readonly name = "FileError";
}

/** What went wrong, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong, as part of a sentence: without the advice that an error of ours has. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ConstructError)) return messageOf(error);
  return error.path === undefined ? error.reason : `${error.path} ${error.reason}`;
}

/** The code of an error of the system, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What work on a file gives. `undefined` when there is no such file. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error of the file system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}
