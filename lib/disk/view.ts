import { stat } from "node:fs/promises";
import { ifThere, reasonOf, WriteError } from "./error";
import { type FileState, fileStateOf, stampIn } from "./file-state";
import { type Manifest, readRecord } from "./manifest";
import { listOfRefused, refusedPath } from "./output-path";
import { type Rights, rightsIn } from "./replace-file";
import { reservation } from "./reserved-names";

/** How files are written. */
export interface WriteOptions {
  /**
   * Overwrite and remove files that were changed by hand since an earlier synthesis wrote them. Files that no
   * synthesis wrote are not touched even then.
   * @default false
   */
  readonly overwriteEdited?: boolean | undefined;
  /**
   * Take over files that no synthesis wrote: they become what the program says, and are looked after from then on. What
   * they hold is lost, unless it is in a repository: see the difference first.
   * @default false
   */
  readonly adopt?: boolean | undefined;
}

/** The record of a directory, as it was when it was read. */
export interface RecordOnDisk {
  readonly manifest: Manifest;
  /** `undefined` when there is none, as with what follows. */
  readonly bytes: Buffer | undefined;
  readonly rights: Rights | undefined;
  readonly stamp: string | undefined;
}

/** What is in a directory. */
export interface View {
  readonly record: RecordOnDisk;
  /** How each file that is to be written stands. */
  readonly states: readonly FileState[];
  /** How each file stands that an earlier synthesis wrote and this one does not have. */
  readonly stale: readonly FileState[];
}

/**
 * Looks at a directory. What is reserved there is nobody's to remove, even where the record says that it was written.
 *
 * @throws WriteError `invalid-file-name`, `not-a-directory`, `bad-manifest`, `cannot-read`
 */
export async function look(files: ReadonlyMap<string, string>, directory: string): Promise<View> {
  refuseNames(files, directory);
  try {
    if ((await ifThere(stat(directory)))?.isDirectory() === false) throw notADirectory(directory);
    const { manifest, content } = await readRecord(directory);
    const wanted = [...files].map(([path, text]) => fileStateOf(directory, path, text, manifest));
    const left = [...manifest.keys()].filter((path) => !files.has(path) && reservation(path) === undefined);
    const others = left.map((path) => fileStateOf(directory, path, undefined, manifest));
    const [rights, stamp] = content === undefined ? [] : [rightsIn(content.stats), stampIn(content.stats)];
    const record: RecordOnDisk = { manifest, bytes: content?.bytes, rights, stamp };
    const [states, stale] = await Promise.all([Promise.all(wanted), Promise.all(others)]);
    return { record, states, stale };
  } catch (error) {
    throw error instanceof WriteError ? error : unreadable(directory, error);
  }
}

/** A synthesis has findings for such names; this is for one that somebody put together by hand. */
function refuseNames(files: ReadonlyMap<string, string>, directory: string): void {
  const refused = listOfRefused(files.keys(), refusedPath);
  if (refused === undefined) return;
  const reason = `cannot have these files; nothing was changed${refused}`;
  throw new WriteError({ code: "invalid-file-name", path: directory, reason, fix: "give them other names" });
}

/**
 * Everything that stands in the way of a write, at once.
 *
 * @throws WriteError `outside`, `not-ours`, `edited`
 */
export function refuse(
  directory: string,
  states: readonly FileState[],
  { overwriteEdited = false, adopt = false }: WriteOptions,
): void {
  const outside = states.filter(({ state }) => state === "outside");
  const foreign = states.filter((one) => one.state === "foreign" && !(adopt && isAdoptable(one)));
  const edited = overwriteEdited ? [] : states.filter(({ state }) => state === "edited");
  const list = (some: readonly FileState[]) => some.map(({ path }) => path).join(", ");
  if (outside.length > 0) {
    throw new WriteError({
      code: "outside",
      path: directory,
      value: list(outside),
      reason: "a link on the way leads out of the output directory",
      fix: "remove the link, or choose another output directory",
    });
  }
  if (foreign.length > 0) {
    throw new WriteError({
      code: "not-ours",
      path: directory,
      value: list([...foreign, ...edited]),
      reason: "would overwrite what no program wrote; nothing was changed",
      fix: adopt
        ? "move it away: only a regular file can be taken over"
        : "move it away, choose another output directory, or take it over with `adopt` (--adopt), which shows the difference",
    });
  }
  if (edited.length > 0) {
    throw new WriteError({
      code: "edited",
      path: directory,
      value: list(edited),
      reason: "was changed by hand since it was written; nothing was changed",
      fix: "bring the change into the program, then remove the file, or overwrite it with `overwriteEdited` (--force)",
    });
  }
}

/** Whether a file that no synthesis wrote can be taken over: what is no regular file cannot. */
export function isAdoptable({ state, bytes }: FileState): boolean {
  return state === "foreign" && bytes !== undefined;
}

function notADirectory(path: string): WriteError {
  const fix = "choose another output directory";
  return new WriteError({ code: "not-a-directory", path, reason: "exists and is not a directory", fix });
}

function unreadable(directory: string, error: unknown): WriteError {
  return new WriteError({
    code: "cannot-read",
    path: directory,
    reason: `what is there cannot be read; nothing was changed: ${reasonOf(error)}`,
    fix: "allow this user to read it, or choose another output directory",
  });
}
