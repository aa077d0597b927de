import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { messageOf, OperateError } from "./error";

/**
 * Puts a text in the place of a file: whole, or not at all.
 *
 * @throws OperateError `cannot-write`
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const fix = "give this user the right to write there, or choose another place";
    throw new OperateError({ code: "cannot-write", path, reason: `cannot be written: ${messageOf(error)}`, fix });
  }
}
