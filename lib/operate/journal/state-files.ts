import { chmod, copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { isMissing } from "../../disk/error";
import { hashOf, readManifest } from "../../disk/manifest";
import { readContent, readExistingText, readText } from "../../disk/read-file";
import { replaceFile, syncPath } from "../../disk/replace-file";
import { IMAGE_LOCK, MANIFEST } from "../../disk/reserved-names";
import { withLines, withValues } from "../../env/edit";
import { envValue } from "../../env/quote";
import { readEnvOnDisk, writeEnvOnDisk } from "../env/file";
import { OperateError } from "../error";

const OWNER_ONLY = 0o600;
const ENV = ".env";

/**
 * Copies what makes a deployment: the files that were generated, those that Compose runs, the lock of images, the `.env`. Only
 * their owner can look into the folder. In it, they and their folders keep their permissions: containers mount them from
 * there, and their users read them. All of it is on the disk then: the way back is made of it, also when the power fails.
 */
export async function copyState(dir: string, target: string, files: readonly string[]): Promise<void> {
  const manifest = await readManifest(dir);
  await mkdir(target, { recursive: true, mode: 0o700 });
  const folders = new Set([target]);
  for (const file of new Set([...manifest.keys(), ...files, ENV, IMAGE_LOCK, MANIFEST])) {
    // A file outside of the directory is somebody else's.
    if (file.startsWith("/") || file.split("/").includes("..")) continue;
    const copy = join(target, file);
    try {
      await makeFolders(dir, target, dirname(file));
      await copyFile(join(dir, file), copy);
      if (file === ENV) await chmod(copy, OWNER_ONLY);
      await syncPath(copy);
      folders.add(dirname(copy));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  for (const folder of folders) await syncPath(folder);
}

/** Makes folders with the permissions that they have elsewhere. */
async function makeFolders(from: string, to: string, path: string): Promise<void> {
  const names = path === "." ? [] : path.split("/");
  for (const at of names.keys()) {
    const below = join(...names.slice(0, at + 1));
    const { mode } = await stat(join(from, below));
    await mkdir(join(to, below), { recursive: true });
    await chmod(join(to, below), (mode & 0o777) | 0o700);
    await syncPath(dirname(join(to, below)));
  }
}

/**
 * Makes a deployment of such copies again: each file whole or not at all, the `.env` last, because it decides what the files
 * mean. Called again after it was cut off, it does the rest.
 *
 * @param values of the `.env` that are to be others
 * @throws FileError; OperateError
 */
export async function putState(
  folder: string,
  dir: string,
  values: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const names = await namesBelow(folder);
  const leaving = [...(await readManifest(dir))].filter(([name]) => !names.includes(name));
  for (const name of names.filter((one) => one !== ENV)) {
    const text = await readExistingText(join(folder, name), { fix: "check whether the disk is sound" });
    if ((await readText(join(dir, name))) === text) continue;
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await replaceFile(join(dir, name), text);
  }
  for (const [name, hashes] of leaving) {
    const content = await readContent(join(dir, name));
    // What somebody changed since is somebody's.
    if (content !== undefined && hashes.includes(hashOf(content.bytes))) await rm(join(dir, name), { force: true });
  }
  if (!names.includes(ENV)) return;
  await putEnv(join(folder, ENV), dir, values);
}

/**
 * Gives variables of a deployment's `.env` other values.
 *
 * @throws FileError; OperateError
 */
export function changeEnv(dir: string, values: ReadonlyMap<string, string>): Promise<void> {
  return putEnv(join(dir, ENV), dir, values);
}

async function putEnv(from: string, dir: string, values: ReadonlyMap<string, string>): Promise<void> {
  const { text: kept = "" } = await readEnvOnDisk(from);
  const text = envWith(kept, values, join(dir, ENV));
  const present = await readEnvOnDisk(join(dir, ENV));
  if (present.text !== text) await writeEnvOnDisk(present, text);
}

/**
 * The text of an `.env` with other values, for variables that it has and for others.
 *
 * @param path to be named when a line cannot be edited
 * @throws OperateError `cannot-edit`
 */
export function envWith(text: string, values: ReadonlyMap<string, string>, path: string): string {
  const has = parseDotenv(text).values;
  const { text: changed, failed } = withValues(text, new Map([...values].filter(([name]) => has.has(name))));
  if (failed.length > 0) {
    const fix = `put on a line of its own: ${failed.join(", ")}`;
    throw new OperateError({ code: "cannot-edit", path, reason: "has lines that cannot be edited", fix });
  }
  const added = [...values].filter(([name, value]) => !has.has(name) && value !== "");
  return withLines(
    changed,
    added.map(([name, value]) => `${name}=${envValue(value)}`),
  );
}

async function namesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();
}
