import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { OperateError } from "../error";

/** A program of the host that has files open. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/**
 * The programs of this host that have a file below a folder open. Those of others than this user can only root see, and those in
 * containers the engine tells.
 *
 * @param proc where Linux shows its processes; a host without it has none
 */
export async function holdersOf(folders: readonly string[], proc = "/proc"): Promise<readonly Holder[]> {
  const below = (path: string) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const found: Holder[] = [];
  for (const name of await readdir(proc).catch(() => [])) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const files = await readdir(join(proc, name, "fd")).catch(() => []);
    const open = await Promise.all(files.map((file) => readlink(join(proc, name, "fd", file)).catch(() => "")));
    if (!open.some(below)) continue;
    const command = await readFile(join(proc, name, "comm"), "utf8").catch(() => "");
    found.push({ pid: Number(name), name: command.trim() });
  }
  return found;
}

/** Something else than containers of the older installation has its data open. */
export function inUse(holders: readonly string[]): OperateError {
  return new OperateError({
    code: "source-in-use",
    path: holders.join(", "),
    reason: "has data of the older installation open",
    fix: "stop it, and run this again",
  });
}
