import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isMissing } from "../../disk/error";
import { readText } from "../../disk/read-file";
import { replaceFile, syncPath } from "../../disk/replace-file";
import { parsedJson } from "../../spec/json";
import { STATE_FOLDER, stateFolder } from "./folder";
import { copyState } from "./state-files";

const FOLDER = "history";
const RECORD = "record.json";

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
  /** Service → Compose's hash of its settings, as the files say. */
  hashes: z.record(z.string(), z.string()),
  /** Service → the hash that its container was made with, where it took other settings since by a reload. */
  reloaded: z.record(z.string(), z.string()).default({}),
  /** The generation of the data, as the `.env` writes it. */
  generation: z.string().default(""),
  /** Volumes of the engine that the containers mount by their names. */
  volumes: z.array(z.string()).default([]),
  /** Service → seconds that it took to be well, where it was started. */
  seconds: z.record(z.string(), z.number()).default({}),
});

/** A state of the deployment that was reached. No value of the `.env`. */
export type HistoryRecord = z.input<typeof ENTRY>;

export interface HistoryEntry extends z.infer<typeof ENTRY> {
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
  const name = nameOf(number);
  const draft = join(history, `${name}.draft`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await copyState(dir, join(draft, "files"), files);
  await replaceFile(join(draft, RECORD), `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(draft, join(history, name));
  await syncPath(history);
  return number;
}

/** Where the files of a state are. */
export function stateFiles(dir: string, number: number): string {
  return join(dir, STATE_FOLDER, FOLDER, nameOf(number), "files");
}

/** The hash that the container of a service has in a state. */
export function containerHash({ hashes, reloaded }: Pick<HistoryEntry, "hashes" | "reloaded">, service: string) {
  return reloaded[service] ?? hashes[service];
}

/**
 * The hashes that containers are to have: those of the files, but for services that took the settings of the files by a
 * reload since they were made, as the last state says.
 *
 * @param running service → the hash that its container was made with
 */
export async function expectedHashes(
  dir: string,
  hashes: ReadonlyMap<string, string>,
  running: ReadonlyMap<string, string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const last = (await readHistory(dir)).at(-1);
  const reloaded = Object.entries(last?.reloaded ?? {}).filter(([service, hash]) => {
    return running.get(service) === hash && last?.hashes[service] === hashes.get(service);
  });
  return new Map([...hashes, ...reloaded]);
}

/** The states that were kept, the oldest first. What cannot be read is left out. */
export async function readHistory(dir: string): Promise<readonly HistoryEntry[]> {
  const history = join(dir, STATE_FOLDER, FOLDER);
  const entries: HistoryEntry[] = [];
  for (const number of (await numbersIn(history)).sort((one, other) => one - other)) {
    const text = await readText(join(history, nameOf(number), RECORD));
    const parsed = ENTRY.safeParse(parsedJson(text ?? ""));
    if (parsed.success) entries.push({ ...parsed.data, number });
  }
  return entries;
}

function nameOf(number: number): string {
  return `${number}`.padStart(4, "0");
}

async function numbersIn(history: string): Promise<number[]> {
  try {
    return (await readdir(history)).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
