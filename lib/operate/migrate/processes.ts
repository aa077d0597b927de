import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { OperateError } from "../error";
import { isBelow } from "../is-below";
import type { SourcePlace } from "./source";

/** A program of the host that has files open. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** What SQLite keeps beside a database. */
const BESIDE = ["", "-wal", "-shm", "-journal"];

/** Folders and files of this host with data: whoever has them open may write them. */
export function heldPaths(places: readonly SourcePlace[]): readonly string[] {
  const bound = places.filter(({ kind }) => kind === "bind");
  return bound.flatMap(({ source, place: { only } }) => {
    return only?.flatMap((name) => BESIDE.map((end) => join(source, name + end))) ?? [source];
  });
}

/** How a control group of a container has its id. */
const IN_CONTAINER = /[0-9a-f]{64}/;

/**
 * The programs of this host that have a file, or one below a folder, open. Those of others than this user can only root see, and of those
 * in containers the engine knows more.
 *
 * @param proc where Linux shows its processes; a host without it has none
 */
export async function holdersOf(paths: readonly string[], proc = "/proc"): Promise<readonly Holder[]> {
  const below = (path: string) => paths.some((one) => isBelow(path, one));
  const found: Holder[] = [];
  for (const name of await readdir(proc).catch(() => [])) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const text = (file: string) => readFile(join(proc, name, file), "utf8").catch(() => "");
    const files = await readdir(join(proc, name, "fd")).catch(() => []);
    const open = await Promise.all(files.map((file) => readlink(join(proc, name, "fd", file)).catch(() => "")));
    // A path of a container may be written as one of the host is.
    if (!open.some(below) || IN_CONTAINER.test(await text("cgroup"))) continue;
    found.push({ pid: Number(name), name: (await text("comm")).trim() });
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
