import { spawn } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readText } from "../../disk/read-file";
import { replaceFile } from "../../disk/replace-file";
import { isObject, objectIn } from "../../spec/json";
import { OperateError, systemCode } from "../error";
import { backupPath, type EnvOnDisk, readEnvOnDisk, writeEnvOnDisk } from "./file";

/** The encrypted `.env`, which may be kept in version control. */
export const SEALED = ".env.sealed.json";

/** The file is kept byte by byte: SOPS's own reading of an `.env` is not Compose's. */
const ENCRYPT = ["encrypt", "--input-type", "binary", "--output-type", "json", "--filename-override", SEALED];
const DECRYPT = ["decrypt", "--input-type", "json", "--output-type", "binary"];

/** What became of a file. */
export interface Sealed {
  readonly path: string;
  readonly isWritten: boolean;
}

/**
 * Encrypts a deployment's `.env` beside it, with SOPS and for whom its configuration names. What is encrypted already, and
 * for those who are named, is left as it is, so that version control sees only changes.
 *
 * @param recipients of age, for whom it is encrypted. @default - `.sops.yaml` and SOPS's environment say
 * @throws OperateError `no-env`, `sops-missing`, `sops-failed`
 */
export async function sealEnv(dir: string, recipients?: string): Promise<Sealed> {
  const path = join(dir, SEALED);
  const env = await readEnvOnDisk(join(dir, ".env"));
  if (env.text === undefined) {
    throw new OperateError({
      code: "no-env",
      path: env.path,
      reason: "is not there",
      fix: "make it with `lamb-compose env init`, or from the encrypted one with `lamb-compose env open`",
    });
  }
  const words = recipients === undefined ? [] : ["--age", recipients];
  const sealed = await sops(dir, [...ENCRYPT, ...words, env.realPath]);
  const there = await readText(path);
  const isFor = there !== undefined && isDeepStrictEqual(keysIn(there), keysIn(sealed));
  if (isFor && (await opened(dir).catch(() => undefined)) === env.text) return { path, isWritten: false };
  await replaceFile(path, sealed);
  return { path, isWritten: true };
}

/** What SOPS makes anew each time that it encrypts. */
const MADE_ANEW: ReadonlySet<string> = new Set(["created_at", "enc", "lastmodified", "mac", "version"]);

/** The keys that open an encrypted text, as SOPS names them in it. */
function keysIn(sealed: string): unknown {
  return lasting(objectIn(sealed)?.sops);
}

/** What is the same each time. Lists have no order. */
function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(lasting(item))).sort();
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !MADE_ANEW.has(name));
  return Object.fromEntries(kept.map(([name, item]) => [name, lasting(item)]));
}

/** A decrypted `.env` that is to take its place. */
export interface OpenedEnv {
  readonly env: EnvOnDisk;
  readonly text: string;
}

/**
 * Decrypts the `.env` of a deployment. Writes nothing.
 *
 * @throws OperateError `no-sealed-env`, `sops-missing`, `sops-failed`
 */
export async function openSealed(dir: string): Promise<OpenedEnv> {
  const path = join(dir, SEALED);
  if ((await readText(path)) === undefined) {
    throw new OperateError({
      code: "no-sealed-env",
      path,
      reason: "is not there",
      fix: "make it with `lamb-compose env seal` where the .env is, or name its directory with --dir",
    });
  }
  return { env: await readEnvOnDisk(join(dir, ".env")), text: await opened(dir) };
}

/**
 * Puts a decrypted `.env` in its place, and a backup of what was there.
 *
 * @returns path of the backup, where there was something
 * @throws OperateError those of {@link writeEnvOnDisk}
 */
export async function writeOpened({ env, text }: OpenedEnv, now: Date): Promise<string | undefined> {
  const backup = backupPath(env, now);
  await writeEnvOnDisk(env, text, backup);
  return env.text === undefined ? undefined : backup;
}

function opened(dir: string): Promise<string> {
  return sops(dir, [...DECRYPT, SEALED]);
}

/** Runs SOPS in a directory, where it looks for `.sops.yaml`. @returns what it prints */
async function sops(dir: string, words: readonly string[]): Promise<string> {
  const child = spawn("sops", words, { cwd: dir, stdio: ["inherit", "pipe", "pipe"] });
  const parts: Buffer[] = [];
  let said = "";
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    said += part;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(missing(error)));
    child.once("close", resolve);
  });
  if (status === 0) return Buffer.concat(parts).toString("utf8");
  const reason = said
    .trim()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 6)
    .join("\n    ");
  throw new OperateError({
    code: "sops-failed",
    path: dir,
    reason: `SOPS ended with ${status ?? "a signal"}${reason === "" ? ", and said nothing" : `:\n    ${reason}`}`,
    fix: `say for whom: \`--age RECIPIENT\`, or a creation rule in .sops.yaml whose path_regex fits ${SEALED}; to open it, SOPS needs one of their keys`,
  });
}

function missing(error: Error): OperateError {
  return new OperateError({
    code: "sops-missing",
    path: "sops",
    reason: `cannot be started: ${systemCode(error) ?? error.message}`,
    fix: "install SOPS 3.9 or newer, and have it on the PATH",
  });
}
