import { ComposeError } from "../error";
import type { FileInput } from "../loader/files";
import { resolve } from "../project";
import type { ResolveOptions } from "../resolve";
import { compareVersions, NEWEST, releaseOf, STANDARD, turningPoints, type Version } from "../version";

/** What releases that follow each other make of the same files. */
export interface Reading {
  /** The first and the last release that read them so. */
  readonly from: Version;
  readonly to: Version;
  /** The project as `config --format json` prints it; absent when these releases refuse the files. */
  readonly json?: string;
  /** Why they refuse them. */
  readonly error?: string;
}

function read(files: readonly FileInput[], options: ResolveOptions): Pick<Reading, "json" | "error"> {
  try {
    return { json: resolve(files, options).toJson() };
  } catch (error) {
    if (error instanceof ComposeError) return { error: error.message };
    throw error;
  }
}

/**
 * How the releases from 2.40 to the newest read the same files, oldest first: one reading when all of them agree. Refusals
 * count as one reading, whatever their words.
 */
export function readings(files: readonly FileInput[], options: Omit<ResolveOptions, "compose"> = {}): Reading[] {
  const oldest = releaseOf(STANDARD);
  const starts = [oldest, ...turningPoints().filter((release) => compareVersions(release, oldest) > 0)];
  const found: Reading[] = [];
  for (const from of starts) {
    const now = read(files, { ...options, compose: from });
    const last = found.at(-1);
    if (last !== undefined && last.json === now.json) found[found.length - 1] = { ...last, to: from };
    else found.push({ from, to: from, ...now });
  }
  const end = found.at(-1);
  if (end !== undefined) found[found.length - 1] = { ...end, to: releaseOf(NEWEST) };
  return found;
}
