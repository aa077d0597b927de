import { randomBytes } from "node:crypto";
import { link, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { objectIn } from "../spec/json";
import { FileError, ifThere, systemCode } from "./error";
import { type Holder, isGone, isSilent, LEASE, thisProcess } from "./holder";
import { readText } from "./read-file";
import { temporaryPath } from "./temporary";

/** What only one run may do at a time. */
export interface FileLock {
  /** Gives it back. Nothing is thrown: what cannot be removed is no lock once this process has ended. */
  release(): Promise<void>;
}

/** What stands in the file of a lock. */
interface Held {
  /** `undefined` when the file does not say. */
  readonly holder: Holder | undefined;
  /** This taking of the lock, told from every other one. */
  readonly id: string;
  /** Time of the holder's last sign of life, in milliseconds. */
  readonly seen: number;
}

const TRIES = 100;
/** Milliseconds between two signs of life. */
const SIGN_MS = LEASE / 3;
/** How often, and after how many milliseconds each, a lock is looked at that seems to be nobody's by now: for a sign and a half. */
const LOOKS = 30;
const LOOK_MS = (1.5 * SIGN_MS) / LOOKS;

/**
 * Takes a lock: a file that says which process has it. A lock whose process is gone is none, whichever call it died at.
 *
 * @param path of the lock's file
 * @param subject what the lock is for, to be named when somebody else has it
 * @throws FileError `in-use`; an error of the system when the file cannot be made
 */
export async function takeLock(path: string, subject: string): Promise<FileLock> {
  const id = randomBytes(8).toString("hex");
  const own = await stageClaim(path, id);
  try {
    for (let tries = 0; ; tries++) {
      const other = await take(path, own, path);
      if (other === undefined) break;
      if (other !== "changed" || tries >= TRIES) throw inUse(path, subject, other === "changed" ? undefined : other);
    }
  } finally {
    // What cannot be removed is recognized when this process has ended.
    await rm(own, { force: true }).catch(() => undefined);
  }
  await removeClaims(path);
  const sign = setInterval(() => void touch(path), SIGN_MS).unref();
  return {
    async release() {
      clearInterval(sign);
      await giveBack(path, id);
    },
  };
}

/** Removes a lock whose process is gone, for a run that changes nothing. A lock that cannot be removed does no harm. */
export async function removeForgottenLock(path: string): Promise<void> {
  try {
    if ((await readHeld(path)) !== undefined) await (await takeLock(path, path)).release();
  } catch {
    // Somebody has it, or this user may not write here.
  }
}

/**
 * Puts the own claim at a place: where there is nothing, or instead of one whose holder is gone. Only who has a claim on
 * that one may replace it, so that of many who find it, one does.
 *
 * @returns who has it, unless it is taken now; `changed` when it is somebody else's by now, or nobody's
 */
async function take(place: string, own: string, lock: string): Promise<Held | "changed" | undefined> {
  if (await putNew(own, place)) return undefined;
  const held = await readHeld(place);
  if (held === undefined) return "changed";
  if (await isAlive(place, held)) return held;
  const claim = `${lock}.${held.id}.claim`;
  const rival = await take(claim, own, lock);
  if (rival !== undefined) return rival;
  if ((await readHeld(place))?.id === held.id) {
    await rename(claim, place);
    return undefined;
  }
  await rm(claim, { force: true });
  return "changed";
}

/** Whether a lock is somebody's now. Changes nothing. */
export async function isHeld(path: string): Promise<boolean> {
  const held = await readHeld(path);
  return held !== undefined && (await isAlive(path, held));
}

async function isAlive(place: string, held: Held): Promise<boolean> {
  const gone = held.holder === undefined ? undefined : isGone(held.holder);
  if (gone !== undefined) return !gone;
  return !isSilent(held.seen) || (await showsLife(place, held));
}

/** Whether a holder that cannot be looked up gives a sign of life now: a clock that jumped says nothing of it. */
async function showsLife(place: string, { id, seen }: Held): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const now = await readHeld(place);
    if (now?.id !== id || now.seen !== seen) return now?.id === id;
  }
  return false;
}

/** The lock's text in a file of its own, to be given the lock's name when it is whole. */
async function stageClaim(path: string, id: string): Promise<string> {
  const own = temporaryPath(path);
  const file = await open(own, "wx", 0o644);
  try {
    await file.writeFile(`${JSON.stringify({ ...thisProcess(), id })}\n`);
  } catch (error) {
    await rm(own, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return own;
}

/** Gives a file a second name, unless something has that name. */
async function putNew(own: string, place: string): Promise<boolean> {
  try {
    await link(own, place);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    if (!isWithoutLinks(error)) throw error;
  }
  try {
    const file = await open(place, "wx", 0o644);
    try {
      await file.writeFile((await readText(own)) ?? "");
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Whether a file system says that it knows no second names. */
export function isWithoutLinks(error: unknown): boolean {
  return ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(systemCode(error) ?? "");
}

async function readHeld(path: string): Promise<Held | undefined> {
  const text = (await readText(path, { limit: 4096 })) ?? "";
  const stats = await ifThere(stat(path));
  return stats && { ...parse(text, `${stats.ino}`), seen: stats.mtimeMs };
}

function parse(text: string, otherwise: string): Pick<Held, "holder" | "id"> {
  const { pid, start, scope, id } = objectIn(text) ?? {};
  const isWhole = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  if (!isWhole || typeof start !== "string" || typeof scope !== "string" || typeof id !== "string") {
    return { holder: undefined, id: otherwise };
  }
  return { holder: { pid, start, scope }, id: /^[0-9a-f]{16}$/.test(id) ? id : otherwise };
}

/** Removes what those left who were killed while they replaced a lock. Who has the lock may: no claim counts any more. */
async function removeClaims(path: string): Promise<void> {
  const start = `${basename(path)}.`;
  try {
    const names = await readdir(dirname(path));
    const left = names.filter((name) => name.startsWith(start) && /^[0-9a-f]+\.claim$/.test(name.slice(start.length)));
    for (const name of left) await rm(join(dirname(path), name), { force: true });
  } catch {
    // They do no harm.
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

/** A lock that has become somebody else's is not removed. One that cannot be read is the own one, most likely. */
async function giveBack(path: string, id: string): Promise<void> {
  const held = await readHeld(path).catch(() => "unreadable" as const);
  if (held === "unreadable" || held?.id === id) await rm(path, { force: true }).catch(() => undefined);
}

function inUse(path: string, subject: string, held: Held | undefined): FileError {
  const { holder } = held ?? {};
  const isHere = holder?.scope === thisProcess().scope;
  return new FileError({
    code: "in-use",
    path: subject,
    reason: `is being changed by another run${isHere ? `, process ${holder?.pid}` : ""}`,
    fix: isHere
      ? "wait until it has ended, and run this again"
      : `wait for it, and run this again; where there is none, ${path} counts for ${LEASE / 1000} seconds only`,
  });
}
