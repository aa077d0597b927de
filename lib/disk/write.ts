import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createTwoFilesPatch } from "diff";
import { isMissing, messageOf, WriteError } from "./error";
import { type FileState, fileStateOf } from "./file-state";
import { hashOf, type Manifest, manifestText, readManifest } from "./manifest";
import { IMAGE_LOCK, MANIFEST } from "./reserved-names";

export interface WriteOptions {
  /**
   * Overwrite and remove files that were changed by hand since an earlier synthesis wrote them. Files that no
   * synthesis wrote are not touched even then.
   * @default false
   */
  readonly overwriteEdited?: boolean | undefined;
}

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

interface Staged {
  readonly path: string;
  readonly temporary: string;
  readonly before: Buffer | undefined;
}

/** Writes all files below a directory, or none. */
export async function write(
  files: ReadonlyMap<string, string>,
  directory: string,
  options: WriteOptions,
): Promise<WriteResult> {
  const { manifest, states, stale } = await look(files, directory);
  refuse(directory, states, options);

  const changes = states.filter(({ state }) => state !== "same");
  const removed = stale.filter(
    ({ state }) => state === "ours" || (state === "edited" && options.overwriteEdited === true),
  );
  const after: Manifest = new Map([...files].map(([path, text]) => [path, [hashOf(text)]]));
  const during: Manifest = new Map(manifest);
  for (const [path, hashes] of after) during.set(path, [...new Set([...(manifest.get(path) ?? []), ...hashes])]);

  const created: string[] = [];
  const staged: Staged[] = [];
  const done: Staged[] = [];
  let recorded: Manifest | undefined;
  try {
    for (const { path, bytes } of changes)
      staged.push(await stage(directory, path, files.get(path) ?? "", bytes, created));
    if (manifestText(manifest) !== manifestText(during)) {
      await replaceManifest(directory, during, created);
      recorded = manifest;
    }
    for (const file of staged) {
      await rename(file.temporary, join(directory, file.path));
      done.push(file);
    }
  } catch (error) {
    try {
      await undo(directory, staged, done, recorded, created);
    } catch (second) {
      throw halfDone(directory, `${messageOf(error)}; then ${messageOf(second)}`);
    }
    throw failed(directory, error);
  }
  try {
    for (const { path } of removed) await removeWithFolders(directory, path);
    if (manifestText(after) !== manifestText(during)) await replaceManifest(directory, after, []);
  } catch (error) {
    throw halfDone(directory, messageOf(error));
  }
  return {
    written: changes.map(({ path }) => path),
    unchanged: states.filter(({ state }) => state === "same").map(({ path }) => path),
    removed: removed.map(({ path }) => path),
    kept: stale.filter((one) => one.state !== "missing" && !removed.includes(one)).map(({ path }) => path),
  };
}

/** Compares the files below a directory with what they should be. */
export async function check(files: ReadonlyMap<string, string>, directory: string): Promise<readonly Drift[]> {
  const { states, stale } = await look(files, directory);
  return [...states, ...stale].flatMap(({ path, state, bytes }): readonly Drift[] => {
    const text = files.get(path);
    if (state === "same" || (text === undefined && state === "missing")) return [];
    const kind = state === "missing" ? "missing" : text === undefined ? "left over" : "different";
    const diff = createTwoFilesPatch(`${path} (there)`, `${path} (program)`, bytes?.toString() ?? "", text ?? "");
    return [{ path, kind, diff }];
  });
}

interface View {
  readonly manifest: Manifest;
  /** How each file that is to be written stands. */
  readonly states: readonly FileState[];
  /** How each file stands that an earlier synthesis wrote and this one does not have. */
  readonly stale: readonly FileState[];
}

/** Inputs of a synthesis in its own output directory: left alone, even where a record says otherwise. */
const NEVER_OURS: ReadonlySet<string> = new Set([IMAGE_LOCK]);

/** What is in a directory now. */
async function look(files: ReadonlyMap<string, string>, directory: string): Promise<View> {
  try {
    if (!(await mayBeDirectory(directory))) throw notADirectory(directory);
    const manifest = await readManifest(directory);
    const wanted = [...files].map(([path, text]) => fileStateOf(directory, path, text, manifest));
    const left = [...manifest.keys()].filter((path) => !files.has(path) && !NEVER_OURS.has(path));
    const others = left.map((path) => fileStateOf(directory, path, undefined, manifest));
    return { manifest, states: await Promise.all(wanted), stale: await Promise.all(others) };
  } catch (error) {
    throw error instanceof WriteError ? error : unreadable(directory, error);
  }
}

async function mayBeDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

/** Everything that stands in the way, at once. */
function refuse(directory: string, states: readonly FileState[], { overwriteEdited = false }: WriteOptions): void {
  const outside = states.filter(({ state }) => state === "outside");
  const foreign = states.filter(({ state }) => state === "foreign");
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
      reason: "would overwrite what no synthesis wrote; nothing was changed",
      fix: "move it away, or choose another output directory",
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

async function stage(
  directory: string,
  path: string,
  content: string | Buffer,
  before: Buffer | undefined,
  created: string[],
): Promise<Staged> {
  const target = join(directory, path);
  const first = await mkdir(dirname(target), { recursive: true });
  if (first !== undefined) created.push(first);
  const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  const file = await open(temporary, "wx", 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { path, temporary, before };
}

async function replaceManifest(directory: string, manifest: Manifest, created: string[]): Promise<void> {
  await replace(directory, MANIFEST, manifestText(manifest), created);
}

async function replace(directory: string, path: string, content: string | Buffer, created: string[]): Promise<void> {
  const { temporary } = await stage(directory, path, content, undefined, created);
  try {
    await rename(temporary, join(directory, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Brings the directory back to what it was before a write that failed.
 *
 * @param manifest the record to bring back; `undefined` when it was not replaced
 */
async function undo(
  directory: string,
  staged: readonly Staged[],
  done: readonly Staged[],
  manifest: Manifest | undefined,
  created: readonly string[],
): Promise<void> {
  for (const { temporary } of staged) await rm(temporary, { force: true });
  for (const { path, before } of done) {
    if (before === undefined) await rm(join(directory, path), { force: true });
    else await replace(directory, path, before, []);
  }
  if (manifest?.size === 0) await rm(join(directory, MANIFEST), { force: true });
  else if (manifest !== undefined) await replaceManifest(directory, manifest, []);
  for (const folder of [...created].reverse()) await rm(folder, { recursive: true, force: true });
}

async function removeWithFolders(directory: string, path: string): Promise<void> {
  await rm(join(directory, path), { force: true });
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    try {
      await rmdir(join(directory, folder));
    } catch {
      return;
    }
  }
}

function notADirectory(path: string): WriteError {
  const fix = "choose another output directory";
  return new WriteError({ code: "not-a-directory", path, reason: "is there and is no directory", fix });
}

function unreadable(directory: string, error: unknown): WriteError {
  return new WriteError({
    code: "cannot-read",
    path: directory,
    reason: `what is there cannot be read; nothing was changed: ${messageOf(error)}`,
    fix: "give this user the right to read it, or choose another output directory",
  });
}

function halfDone(directory: string, reason: string): WriteError {
  return new WriteError({
    code: "half-done",
    path: directory,
    reason: `some files are new, and some as they were: ${reason}`,
    fix: "mend the cause and run it again: it goes on from here",
  });
}

function failed(directory: string, error: unknown): WriteError {
  return new WriteError({
    code: "cannot-write",
    path: directory,
    reason: `the files could not be written, and everything was left as it was: ${messageOf(error)}`,
    fix: "make room, or give this user the right to write there, and run it again",
  });
}
