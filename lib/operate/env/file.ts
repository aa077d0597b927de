import { randomBytes } from "node:crypto";
import { type FileHandle, link, lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, OperateError, systemCode } from "../error";

/** Who may read and write an `.env`: its owner. */
const PRIVATE = 0o600;
const PERMISSIONS = 0o777;
const OF_OTHERS = 0o077;
const WRITABLE = 0o222;

/** An operator's `.env`, as it was when it was read. */
export interface EnvOnDisk {
  /** The path that was asked for. */
  readonly path: string;
  /** The file itself: where a link leads. */
  readonly realPath: string;
  /** `undefined` when there is none. */
  readonly text: string | undefined;
  /** Permissions, owner and group. `undefined` when there is no file. */
  readonly rights: { readonly mode: number; readonly uid: number; readonly gid: number } | undefined;
}

/** What stands in the way of an `.env`. No text has a value in it. */
export type EnvFileErrorCode =
  | "not-a-file"
  | "dangling-link"
  | "not-text"
  | "cannot-read"
  | "cannot-write"
  | "read-only"
  | "other-owner"
  | "in-use"
  | "changed-meanwhile";

/**
 * Reads an `.env`, through a link if it is one.
 *
 * @throws OperateError `not-a-file`, `dangling-link`, `not-text`, `cannot-read`
 */
export async function readEnvOnDisk(path: string): Promise<EnvOnDisk> {
  const realPath = await targetOf(path);
  let file: FileHandle;
  try {
    const { isFile } = await kindOf(realPath);
    if (!isFile) throw failure("not-a-file", path, "is there and is no file", "move it away");
    file = await open(realPath, "r");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return { path, realPath, text: undefined, rights: undefined };
    throw error instanceof OperateError ? error : unreadable(path, error);
  }
  try {
    const { mode, uid, gid } = await file.stat();
    const text = textOf(await file.readFile(), path);
    return { path, realPath, text, rights: { mode: mode & PERMISSIONS, uid, gid } };
  } catch (error) {
    throw error instanceof OperateError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/** Whether others than the owner may read or change the file. */
export function isOpenToOthers(file: EnvOnDisk): boolean {
  return ((file.rights?.mode ?? 0) & OF_OTHERS) !== 0;
}

/**
 * Puts a text in the place of the file: whole or not at all, for nobody but the owner, through a link if it is one. The
 * owner stays. What somebody else wrote since the file was read is not overwritten.
 *
 * @param backup path at which what was there is kept; nothing is kept without one
 * @throws OperateError `read-only`, `other-owner`, `in-use`, `changed-meanwhile`, `cannot-write`: nothing was changed
 */
export async function writeEnvOnDisk(file: EnvOnDisk, text: string, backup?: string): Promise<void> {
  if (file.rights !== undefined && (file.rights.mode & WRITABLE) === 0) {
    throw failure("read-only", file.path, "is write-protected", "allow its owner to write it: chmod u+w");
  }
  const lock = await lockFor(file);
  const made: string[] = [];
  try {
    await assertUnchanged(file);
    const temporary = await stage(file, text);
    made.push(temporary);
    if (backup !== undefined && file.text !== undefined) await keep(file, file.text, backup);
    if (file.text === undefined) await create(file, temporary);
    else await rename(temporary, file.realPath);
  } catch (error) {
    throw error instanceof OperateError ? error : unwritable(file, error);
  } finally {
    for (const path of [...made, lock]) await rm(path, { force: true });
  }
}

/** Where a path leads. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw unreadable(path, error);
  }
  try {
    if ((await lstat(path)).isSymbolicLink()) {
      throw failure(
        "dangling-link",
        path,
        "is a link that leads to nothing",
        "make the file that it leads to, or remove it",
      );
    }
  } catch (error) {
    if (error instanceof OperateError) throw error;
    if (systemCode(error) !== "ENOENT") throw unreadable(path, error);
  }
  return path;
}

/** Before a file is opened, since opening a pipe waits for its other end. */
async function kindOf(path: string): Promise<{ readonly isFile: boolean }> {
  return { isFile: (await stat(path)).isFile() };
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw failure("not-text", path, "is not text in UTF-8", "save it as UTF-8");
  }
}

async function lockFor(file: EnvOnDisk): Promise<string> {
  const path = `${file.realPath}.lock`;
  try {
    await (await open(path, "wx", PRIVATE)).close();
    return path;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw unwritable(file, error);
    const fix = `wait for it, and run this again; if there is none, remove ${path}`;
    throw failure("in-use", file.path, "is being changed by another run", fix);
  }
}

async function assertUnchanged(file: EnvOnDisk): Promise<void> {
  const now = await readEnvOnDisk(file.path);
  if (now.text !== file.text || now.realPath !== file.realPath) throw changedMeanwhile(file);
}

/** Writes a file beside the one that is meant, with the same owner. */
async function stage(file: EnvOnDisk, text: string): Promise<string> {
  const path = `${file.realPath}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await write(file, path, text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return path;
}

async function keep(file: EnvOnDisk, text: string, path: string): Promise<void> {
  try {
    await write(file, path, text);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") await rm(path, { force: true });
    throw error;
  }
}

async function write(original: EnvOnDisk, path: string, text: string): Promise<void> {
  const file = await open(path, "wx", PRIVATE);
  try {
    await file.chmod(PRIVATE);
    await inherit(original, file);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Gives a new file the owner of the one that it replaces. Only the administrator of the host can do that for others. */
async function inherit(original: EnvOnDisk, file: FileHandle): Promise<void> {
  if (original.rights === undefined) return;
  const { uid, gid } = original.rights;
  const own = await file.stat();
  if (own.uid === uid && own.gid === gid) return;
  try {
    await file.chown(uid, gid);
  } catch {
    if (own.uid === uid) return;
    const fix = "run this as the file's owner, or as root";
    throw failure("other-owner", original.path, `belongs to another user (${uid})`, fix);
  }
}

/** Gives the file its name, unless something has that name by now. */
async function create(file: EnvOnDisk, temporary: string): Promise<void> {
  try {
    await link(temporary, file.realPath);
  } catch (error) {
    if (systemCode(error) === "EEXIST") throw changedMeanwhile(file);
    if (!WITHOUT_LINKS.has(systemCode(error) ?? "")) throw error;
    await assertUnchanged(file);
    await rename(temporary, file.realPath);
  }
}

/** How a file system says that it knows no second names. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** The place of a backup beside the file itself. */
export function backupPath(file: EnvOnDisk, now: Date): string {
  const stamp = now.toISOString().replaceAll(":", "-");
  return join(dirname(file.realPath), `.env.${stamp}.bak`);
}

function failure(code: EnvFileErrorCode, path: string, reason: string, fix: string): OperateError {
  return new OperateError({ code, path, reason, fix });
}

function changedMeanwhile(file: EnvOnDisk): OperateError {
  const reason = "was changed by somebody else since it was read; nothing was written";
  return failure("changed-meanwhile", file.path, reason, "look at it, and run this again");
}

function unreadable(path: string, error: unknown): OperateError {
  return failure("cannot-read", path, `cannot be read: ${messageOf(error)}`, "give this user the right to read it");
}

function unwritable(file: EnvOnDisk, error: unknown): OperateError {
  const reason = `could not be written, and was left as it was: ${messageOf(error)}`;
  return failure("cannot-write", file.path, reason, "give this user the right to write in its folder, and make room");
}
