import { chmod, copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isMissing } from "../../disk/error";
import { readManifest } from "../../disk/manifest";
import { readText } from "../../disk/read-file";
import { replaceFile, syncFolder } from "../../disk/replace-file";
import { IMAGE_LOCK, MANIFEST } from "../../disk/reserved-names";
import { STATE_FOLDER, stateFolder } from "./folder";

const FOLDER = "history";
const RECORD = "record.json";
const DIGITS = 4;
const OWNER_ONLY = 0o600;

const ENTRY = z.looseObject({
  /** Name of the command that led to it. */
  operation: z.string(),
  began: z.string(),
  ended: z.string(),
  /** The user who did it. */
  by: z.string(),
  project: z.string(),
  /** Service → its image, by the name and by what the engine knows it as. */
  images: z.record(z.string(), z.object({ name: z.string(), id: z.string() })),
  /** Service → Compose's hash of its settings. */
  hashes: z.record(z.string(), z.string()),
});

/** A state of the deployment that was reached. No value of the `.env`. */
export type HistoryRecord = z.infer<typeof ENTRY>;

export interface HistoryEntry extends HistoryRecord {
  /** Number of the state, from 1. */
  readonly number: number;
}

/**
 * Keeps a state: the files that were generated, those that Compose runs, the lock of images, the `.env`, and the record.
 * The whole entry is there, or none of it.
 *
 * @returns its number
 * @throws OperateError `cannot-write`; FileError
 */
export async function keepState(dir: string, files: readonly string[], record: HistoryRecord): Promise<number> {
  const history = await stateFolder(dir, FOLDER);
  const number = Math.max(0, ...(await numbersIn(history))) + 1;
  const name = `${number}`.padStart(DIGITS, "0");
  const draft = join(history, `${name}.draft`);
  await rm(draft, { recursive: true, force: true });
  const manifest = await readManifest(dir);
  for (const file of new Set([...manifest.keys(), ...files, ".env", IMAGE_LOCK, MANIFEST])) {
    // A file outside of the directory is somebody else's.
    if (file.startsWith("/") || file.split("/").includes("..")) continue;
    const target = join(draft, "files", file);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    try {
      await copyFile(join(dir, file), target);
      await chmod(target, OWNER_ONLY);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  await replaceFile(join(draft, RECORD), `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(draft, join(history, name));
  await syncFolder(history);
  return number;
}

/** The states that were kept, the oldest first. What cannot be read is left out. */
export async function readHistory(dir: string): Promise<readonly HistoryEntry[]> {
  const history = join(dir, STATE_FOLDER, FOLDER);
  const entries: HistoryEntry[] = [];
  for (const number of (await numbersIn(history)).sort((one, other) => one - other)) {
    const text = await readText(join(history, `${number}`.padStart(DIGITS, "0"), RECORD));
    const parsed = ENTRY.safeParse(parsedJson(text ?? ""));
    if (parsed.success) entries.push({ ...parsed.data, number });
  }
  return entries;
}

async function numbersIn(history: string): Promise<number[]> {
  try {
    return (await readdir(history)).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
