import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCode } from "./error";

/** A process, told from every other one that had or will have its number. */
export interface Holder {
  readonly pid: number;
  /** When it started, as the system counts. `0` where the system does not say. */
  readonly start: string;
  /** Where the number means it: one boot of one host, one container. */
  readonly scope: string;
}

/** Milliseconds after which a process that cannot be looked up should have given a sign of life. */
export const LEASE = 30_000;

let known: Holder | undefined;

/** This process. */
export function thisProcess(): Holder {
  known ??= { pid: process.pid, start: statusOf("self")?.start ?? "0", scope: scopeOfThisProcess() };
  return known;
}

/** Whether a process is gone for good. `undefined` for one of another host or container, or that the system does not show. */
export function isGone(holder: Holder): boolean | undefined {
  if (holder.scope !== thisProcess().scope) return undefined;
  const status = statusOf(holder.pid);
  if (status !== undefined) return status.isDead || status.start !== holder.start;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return true;
  }
  return undefined;
}

/**
 * Whether a process has given no sign of life for so long that it may be gone, as the clocks say. They may be those of two
 * hosts, and one may have been set meanwhile.
 *
 * @param seen time of its last sign of life, in milliseconds
 */
export function isSilent(seen: number): boolean {
  return Math.abs(Date.now() - seen) > LEASE;
}

interface Status {
  readonly start: string;
  /** It has ended, and its parent has not asked how. */
  readonly isDead: boolean;
}

/** What Linux says of a process. `undefined` elsewhere, and when there is none, or none that may be seen. */
function statusOf(pid: number | "self"): Status | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, which can hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", start = "0"] = [fields[0], fields[19]];
    return { start, isDead: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}

function scopeOfThisProcess(): string {
  let place: string;
  try {
    place = `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8")} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    place = hostname();
  }
  return createHash("sha256").update(place).digest("hex").slice(0, 8);
}
