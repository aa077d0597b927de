import { statfs } from "node:fs/promises";
import { megabytes } from "../amounts";
import { OperateError } from "../error";
import type { Measured } from "./copier";

/** How much more room there must be than a copy takes. */
const FOR_COPY = 1.2;
/** The same on the disk of a folder, where data lie for a while. */
const IN_FOLDER = 1.1;

/**
 * Makes sure that the engine's disk has room for a copy of data.
 *
 * @param otherwise what else can be done: the end of the fix
 * @throws OperateError `disk-full`
 */
export function assertRoomForCopy({ bytes, shared, free }: Omit<Measured, "files">, otherwise = ""): void {
  const takes = bytes - shared;
  if (free >= takes * FOR_COPY) return;
  throw new OperateError({
    code: "disk-full",
    reason: `a copy of the data takes ${megabytes(takes)}, and ${megabytes(free)} are free: 20 % more than the copy takes is needed`,
    fix: `make room (\`docker system df\` shows what takes it, older generations of the data included), and run this again${otherwise}`,
  });
}

/**
 * Makes sure that the disk of a folder has room for data.
 *
 * @throws OperateError `disk-full`
 */
export async function assertRoomIn(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes * IN_FOLDER) return;
  const reason = `the data take ${megabytes(bytes)}, and ${megabytes(bavail * bsize)} are free: they lie there for a while`;
  const fix = "make room on the disk of the deployment's directory, and run this again";
  throw new OperateError({ code: "disk-full", path: folder, reason, fix });
}
