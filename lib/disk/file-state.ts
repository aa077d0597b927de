import type { Stats } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { ifThere, isMissing } from "./error";
import { hashOf, type Manifest } from "./manifest";
import { readContent } from "./read-file";
import { type Rights, rightsIn } from "./replace-file";

/**
 * How a file on the disk stands to what is to be written: not there; the same; written by an earlier synthesis; that,
 * but changed since; not from a synthesis; behind a link that leads elsewhere.
 */
export type State = "missing" | "same" | "ours" | "edited" | "foreign" | "outside";

export interface FileState {
  readonly path: string;
  readonly state: State;
  /** What is there now. */
  readonly bytes: Buffer | undefined;
  /** Its owner and permissions. */
  readonly rights: Rights | undefined;
  /** Tells this file, as it is now, from every other one. `undefined` where nothing is, or no file. */
  readonly stamp: string | undefined;
}

/** @param text what is to be written; `undefined` when the file is to go */
export async function fileStateOf(
  directory: string,
  path: string,
  text: string | undefined,
  manifest: Manifest,
): Promise<FileState> {
  const target = join(directory, path);
  const without = (state: State): FileState => {
    return { path, state, bytes: undefined, rights: undefined, stamp: undefined };
  };
  if (!(await staysInside(directory, dirname(target)))) return without("outside");
  const there = await ifThere(lstat(target));
  if (there === undefined) return without("missing");
  if (!there.isFile()) return without("foreign");
  const content = await readContent(target);
  if (content === undefined) return without("missing");
  const { bytes, stats } = content;
  const state = stateOf(hashOf(bytes), text, manifest.get(path));
  return { path, state, bytes, rights: rightsIn(stats), stamp: stampIn(stats) };
}

function stateOf(hash: string, text: string | undefined, known: readonly string[] | undefined): State {
  if (text !== undefined && hash === hashOf(text)) return "same";
  if (known === undefined) return "foreign";
  return known.includes(hash) ? "ours" : "edited";
}

/** Tells the file that has a path now from every other one. `undefined` where nothing is, or no file. */
export async function stampOf(target: string): Promise<string | undefined> {
  const stats = await ifThere(lstat(target));
  return stats?.isFile() ? stampIn(stats) : undefined;
}

export function stampIn({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(":");
}

/** Whether the existing part of a folder's path lies in the directory, links followed. */
async function staysInside(directory: string, folder: string): Promise<boolean> {
  const root = await realOrNearest(directory);
  const real = await realOrNearest(folder);
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** The real path of the nearest folder that exists. */
async function realOrNearest(folder: string): Promise<string> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      return await realpath(at);
    } catch (error) {
      if (!isMissing(error) || at === dirname(at)) throw error;
    }
  }
}
