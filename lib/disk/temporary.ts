import { randomBytes } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isGone, isSilent, thisProcess } from "./holder";
import { TEMPORARY } from "./reserved-names";

/** How many characters of a file's name the name of its temporary file has, at most. */
const NAME_LENGTH = 40;

/** A path beside a file that nothing has yet, and from which everybody can tell which process it belongs to. */
export function temporaryPath(path: string): string {
  const { pid, start, scope } = thisProcess();
  const name = [...basename(path)].slice(0, NAME_LENGTH).join("");
  return join(dirname(path), `${name}.${pid}-${start}-${scope}-${randomBytes(6).toString("hex")}.tmp`);
}

/**
 * Removes temporary files from a folder whose processes are gone: what a run that was killed left there. One that cannot
 * be removed stays.
 */
export async function removeForgotten(folder: string): Promise<void> {
  for (const path of await forgottenIn(folder)) {
    try {
      await rm(path, { force: true });
    } catch {
      // Nobody can write in the folder; what is to be written there will say so.
    }
  }
}

async function forgottenIn(folder: string): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const found: string[] = [];
  for (const name of names) {
    const [, pid, start, scope] = TEMPORARY.exec(name) ?? [];
    if (pid === undefined || start === undefined || scope === undefined) continue;
    const path = join(folder, name);
    const status = await lstat(path).catch(() => undefined);
    if (status?.isFile() !== true) continue;
    if (isGone({ pid: Number(pid), start, scope }) ?? isSilent(status.mtimeMs)) found.push(path);
  }
  return found;
}
