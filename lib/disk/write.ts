import { dirname, join } from "node:path";
import { FileError, reasonOf, WriteError } from "./error";
import { type FileState, stampOf } from "./file-state";
import { removeForgottenLock } from "./lock";
import { hashOf, type Manifest, manifestText } from "./manifest";
import { DIRECTORY_LOCK } from "./reserved-names";
import { removeForgotten } from "./temporary";
import { changedMeanwhile, Transaction } from "./transaction";
import { isAdoptable, look, refuse, type View, type WriteOptions } from "./view";

export type { WriteOptions } from "./view";

/** What a write did. Paths are below the output directory. */
export interface WriteResult {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** Written by an earlier synthesis, no longer part of the result, removed. */
  readonly removed: readonly string[];
  /** The same, but changed by hand since: left alone, and no longer looked after. */
  readonly kept: readonly string[];
}

/** A file of the output directory that is not what the program makes. */
export interface Drift {
  readonly path: string;
  readonly kind: "missing" | "different" | "left over";
  /** A unified diff from what is there to what should be there. */
  readonly diff: string;
}

/** Writes all files below a directory, or none. Those that are replaced keep their owner and permissions. */
export async function write(
  files: ReadonlyMap<string, string>,
  directory: string,
  options: WriteOptions,
): Promise<WriteResult> {
  const view = await look(files, directory);
  const { states, stale } = view;
  refuse(directory, states, options);
  for (const folder of foldersOf(view, directory)) await removeForgotten(folder);

  const changes = states.filter(({ state }) => state !== "same");
  const leaving = stale.filter(
    ({ state }) => state === "ours" || (state === "edited" && options.overwriteEdited === true),
  );
  const gone = stale.filter(({ state }) => state === "missing");
  const after: Manifest = new Map([...files].map(([path, text]) => [path, [hashOf(text)]]));
  const isDone = changes.length + leaving.length === 0 && isRecorded(after, view);
  if (isDone) await removeForgottenLock(join(directory, DIRECTORY_LOCK));
  const removed = isDone ? [] : await carryOut({ files, directory, view, changes, leaving, gone, after });
  await assertStill(states, new Set(changes), directory);
  return {
    written: changes.map(({ path }) => path),
    unchanged: states.filter(({ state }) => state === "same").map(({ path }) => path),
    removed: removed.map(({ path }) => path),
    kept: stale.filter((one) => one.state !== "missing" && !removed.includes(one)).map(({ path }) => path),
  };
}

interface Work {
  readonly files: ReadonlyMap<string, string>;
  readonly directory: string;
  readonly view: View;
  readonly changes: readonly FileState[];
  readonly leaving: readonly FileState[];
  /** Removed already, perhaps by a run that was killed before it removed their folders. */
  readonly gone: readonly FileState[];
  readonly after: Manifest;
}

/** @returns what was removed */
async function carryOut({
  files,
  directory,
  view,
  changes,
  leaving,
  gone,
  after,
}: Work): Promise<readonly FileState[]> {
  const { manifest } = view.record;
  const during: Manifest = new Map(manifest);
  for (const [path, hashes] of after) during.set(path, [...new Set([...(manifest.get(path) ?? []), ...hashes])]);
  const transaction = new Transaction(directory, view.record);
  try {
    await transaction.begin();
    for (const file of changes) await transaction.stage(file, files.get(file.path) ?? "");
    if (!isRecorded(during, view)) await transaction.putRecord(during);
    await transaction.commit();
  } catch (error) {
    try {
      await transaction.undo();
    } catch (second) {
      await transaction.end();
      throw halfDone(directory, `${reasonOf(error)}; then ${reasonOf(second)}`);
    }
    throw failed(directory, error);
  }
  try {
    const removed: FileState[] = [];
    for (const file of leaving) if (await transaction.remove(file)) removed.push(file);
    for (const file of gone) await transaction.remove(file);
    if (manifestText(after) !== manifestText(during)) await transaction.putRecord(after);
    return removed;
  } catch (error) {
    throw halfDone(directory, reasonOf(error));
  } finally {
    await transaction.end();
  }
}

/** Compares the files below a directory with what they should be. */
export async function check(files: ReadonlyMap<string, string>, directory: string): Promise<readonly Drift[]> {
  const { states, stale } = await look(files, directory);
  return drifts([...states, ...stale], files);
}

/** The files that a write could only take over, each with what would change in it. */
export async function adoptable(files: ReadonlyMap<string, string>, directory: string): Promise<readonly Drift[]> {
  const { states } = await look(files, directory);
  return drifts(states.filter(isAdoptable), files);
}

/** How files differ from what they should be. What compares texts is loaded when one of them does: a write never needs it. */
async function drifts(states: readonly FileState[], files: ReadonlyMap<string, string>): Promise<readonly Drift[]> {
  const different = states.filter(({ path, state }) => {
    return state !== "same" && (state !== "missing" || files.has(path));
  });
  if (different.length === 0) return [];
  const { createTwoFilesPatch } = await import("diff");
  return different.map(({ path, state, bytes }) => {
    const text = files.get(path);
    const kind = state === "missing" ? "missing" : text === undefined ? "left over" : "different";
    const diff = createTwoFilesPatch(`${path} (there)`, `${path} (program)`, bytes?.toString() ?? "", text ?? "");
    return { path, kind, diff };
  });
}

function isRecorded(manifest: Manifest, { record }: View): boolean {
  return manifestText(manifest) === manifestText(record.manifest);
}

/** The folders in which an earlier write may have left something. */
function foldersOf({ states, stale }: View, directory: string): ReadonlySet<string> {
  const inside = [...states, ...stale].filter(({ state }) => state !== "outside");
  return new Set([directory, ...inside.map(({ path }) => dirname(join(directory, path)))]);
}

/** What was the same when it was looked at is only said to be so when it still is. */
async function assertStill(
  states: readonly FileState[],
  changes: ReadonlySet<FileState>,
  directory: string,
): Promise<void> {
  const changed: string[] = [];
  for (const file of states) {
    if (!changes.has(file) && (await stampOf(join(directory, file.path))) !== file.stamp) changed.push(file.path);
  }
  if (changed.length > 0) throw halfDone(directory, reasonOf(changedMeanwhile(changed)));
}

function halfDone(directory: string, reason: string): WriteError {
  return new WriteError({
    code: "half-done",
    path: directory,
    reason: `some files are new, and some as they were: ${reason}`,
    fix: "remove the cause, and run this again: it continues from here",
  });
}

function failed(directory: string, error: unknown): WriteError {
  if (error instanceof FileError && (error.code === "in-use" || error.code === "changed-meanwhile")) {
    const { code, fix } = error;
    const path = error.path ?? directory;
    return new WriteError({ code, path, reason: `${error.reason}; everything was left as it was`, fix });
  }
  return new WriteError({
    code: "cannot-write",
    path: directory,
    reason: `the files could not be written, and everything was left as it was: ${reasonOf(error)}`,
    fix: "make room, or allow this user to write there, and run it again",
  });
}
