import { lstatSync, realpathSync, statSync } from "node:fs";
import type { FileAccess } from "../compose/loader/files";
import { FileError, messageOf } from "./error";
import { readContentSync } from "./read-file";

/** Compose has its own message for a file that cannot be read. A pipe or a device, which could block forever, is refused. */
export function read(path: string): Buffer | undefined {
  try {
    return readContentSync(path)?.bytes;
  } catch (error) {
    if (error instanceof FileError && error.code !== "cannot-read" && !isDirectory(path)) throw error;
    return undefined;
  }
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Replaces the first symbolic link on a path by where it leads. */
function followLinks(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  for (let count = 1; count <= parts.length; count++) {
    const part = `/${parts.slice(0, count).join("/")}`;
    if (lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink()) return path.replace(part, () => targetOf(part));
  }
  return path;
}

/** @throws FileError `cannot-read`: Compose, too, refuses a link that leads nowhere, or in a circle */
function targetOf(link: string): string {
  try {
    return realpathSync(link);
  } catch (error) {
    const reason = `is a link that cannot be followed: ${messageOf(error)}`;
    throw new FileError({ code: "cannot-read", path: link, reason, fix: "correct the link, or remove it" });
  }
}

/** Files as Compose's loader asks for them. */
export const DISK: FileAccess = { read, isDirectory, followLinks };
