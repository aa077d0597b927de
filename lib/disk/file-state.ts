import { lstat, readFile, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { isMissing } from "./error";
import { hashOf, type Manifest } from "./manifest";

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
}

/** @param text what is to be written; `undefined` when the file is to go */
export async function fileStateOf(
  directory: string,
  path: string,
  text: string | undefined,
  manifest: Manifest,
): Promise<FileState> {
  const target = join(directory, path);
  if (!(await staysInside(directory, dirname(target)))) return { path, state: "outside", bytes: undefined };
  try {
    if (!(await lstat(target)).isFile()) return { path, state: "foreign", bytes: undefined };
    const bytes = await readFile(target);
    const hash = hashOf(bytes);
    const known = manifest.get(path);
    const state =
      text !== undefined && hash === hashOf(text)
        ? "same"
        : known === undefined
          ? "foreign"
          : known.includes(hash)
            ? "ours"
            : "edited";
    return { path, state, bytes };
  } catch (error) {
    if (isMissing(error)) return { path, state: "missing", bytes: undefined };
    throw error;
  }
}

/** Whether the existing part of a folder's path lies in the directory, links followed. */
async function staysInside(directory: string, folder: string): Promise<boolean> {
  const root = await realOrNearest(directory);
  const real = await realOrNearest(folder);
  return real === root || real.startsWith(root + sep);
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
