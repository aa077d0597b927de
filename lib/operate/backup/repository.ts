import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import type { Environment } from "../../env/file";
import { parsedAnswer } from "../engine/answer";
import { readDeployment } from "../env/directory";
import { readEnvOnDisk, writeEnvOnDisk } from "../env/file";
import { OperateError } from "../error";
import { STATE_FOLDER, stateFolder } from "../journal/folder";
import { envWith } from "../journal/state-files";
import { Restic, secretIn, UNLIKE_RESTIC } from "./restic";

const SETTINGS = "backup.env";
const KEY = "backup.key";
const KEY_BYTES = 32;

const WHERE = "RESTIC_REPOSITORY";
const KEY_FILE = "RESTIC_PASSWORD_FILE";
/** Variables by which restic gets a key. */
const KEYS = ["RESTIC_PASSWORD", KEY_FILE, "RESTIC_PASSWORD_COMMAND"];

/** What each snapshot of ours has. */
export const TAG = "lamb-compose";

/** The tag of the snapshots of a project. */
export function projectTag(project: string): string {
  return `project=${project}`;
}

/** Where backups go, and how. */
export interface Repository {
  readonly restic: Restic;
  /** As restic names it, without a password in it. */
  readonly place: string;
  /** Path of a folder, where it is one on this host. */
  readonly folder: string | undefined;
  /** Whether its key is the one that was made here. Else it is the operator's own. */
  readonly ownKey: boolean;
  /** Whether it is another one than the last that was remembered. */
  readonly isOther: boolean;
}

export interface RepositoryRequest {
  readonly dir: string;
  readonly environment: Environment;
  /** As restic names repositories: a folder, `sftp:…`, `s3:…`, `rest:…`. @default - as it was given before */
  readonly to?: string | undefined;
}

/**
 * The repository of a deployment: what is given now, else what the environment says, else what `.lamb-compose/backup.env`
 * says. All of restic's variables count, from both.
 *
 * @throws OperateError `no-repository`, `no-restic`
 */
export async function openRepository({ dir, environment, to }: RepositoryRequest): Promise<Repository> {
  const { text = "" } = await readEnvOnDisk(settingsPath(dir));
  const kept = Object.fromEntries(parseDotenv(text).values);
  const given = { ...kept, ...environment };
  const location = to ?? given[WHERE];
  if (location === undefined && !given.RESTIC_REPOSITORY_FILE) {
    throw new OperateError({
      code: "no-repository",
      path: dir,
      reason: "no place was given for backups",
      fix: "name one as restic does: `lamb-compose backup --to /mnt/disk/lamb`, `sftp:user@host:/lamb`, `s3:https://host/bucket`, `rest:https://host/lamb`",
    });
  }
  const folder = location === undefined ? undefined : folderIn(location);
  const where = folder ?? location;
  const ownKey = KEYS.every((name) => !given[name]) || given[KEY_FILE] === keyPath(dir);
  const restic = new Restic({
    ...given,
    ...(where === undefined ? {} : { [WHERE]: where }),
    ...(ownKey ? { [KEY_FILE]: keyPath(dir) } : {}),
  });
  // Without restic, that is said before anything else.
  await restic.must(["version"]);
  const place = secretIn(where ?? "").reduce((left, secret) => left.replaceAll(secret, "***"), where ?? "");
  return { restic, place, folder, ownKey, isOther: where !== undefined && where !== kept[WHERE] };
}

/** The path of a repository that is a folder of this host. Those elsewhere begin with the name of a way to them. */
function folderIn(location: string): string | undefined {
  return /^[a-z0-9]+:/i.test(location) ? undefined : resolve(location);
}

/**
 * Remembers where backups go, in a file that restic's own users can read into a shell, too. Credentials that somebody wrote
 * into it stay.
 */
export async function rememberRepository({ dir, environment, to }: RepositoryRequest): Promise<void> {
  const location = to ?? environment[WHERE];
  if (location === undefined) return;
  await stateFolder(dir);
  const file = await readEnvOnDisk(settingsPath(dir));
  const { text = "" } = file;
  const value = folderIn(location) ?? location;
  if (parseDotenv(text).values.get(WHERE) === value) return;
  await writeEnvOnDisk(file, envWith(text, new Map([[WHERE, value]]), file.path));
}

const CONFIG = z.looseObject({ id: z.string() });

/**
 * Looks whether the repository is there, and opens with the key. One is made only where none was used before: else a disk
 * that is not mounted would get a new, empty one.
 *
 * @param mayMake whether none was used before
 * @returns its name, and whether it was made now
 * @throws OperateError
 */
export async function assureRepository(
  { restic }: Repository,
  mayMake: boolean,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const config = async () =>
    parsedAnswer(await restic.must(["cat", "config"]), CONFIG, "restic cat config", UNLIKE_RESTIC).id;
  try {
    const id = await config();
    return { id, isNew: false };
  } catch (error) {
    if (!(error instanceof OperateError) || error.code !== "no-repository" || !mayMake) throw error;
  }
  await restic.must(["init"]);
  return { id: await config(), isNew: true };
}

/**
 * The key that was made for a deployment.
 *
 * @returns `undefined` when none was made yet
 */
export async function readKey(dir: string): Promise<string | undefined> {
  const { text } = await readEnvOnDisk(keyPath(dir));
  return text?.trim();
}

/**
 * The same; one is made where there is none.
 *
 * @throws OperateError `no-compose-file` where there is no deployment that it would be for
 */
export async function assureKey(dir: string, environment: Environment): Promise<string> {
  const present = await readKey(dir);
  if (present !== undefined && present !== "") return present;
  await readDeployment(dir, environment);
  await stateFolder(dir);
  const key = randomBytes(KEY_BYTES).toString("base64url");
  await writeKey(dir, key);
  return key;
}

/** Keeps a key for a deployment. */
export async function writeKey(dir: string, key: string): Promise<void> {
  await stateFolder(dir);
  await writeEnvOnDisk(await readEnvOnDisk(keyPath(dir)), `${key}\n`);
}

function settingsPath(dir: string): string {
  return join(resolve(dir), STATE_FOLDER, SETTINGS);
}

function keyPath(dir: string): string {
  return join(resolve(dir), STATE_FOLDER, KEY);
}
