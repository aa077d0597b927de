import { stat } from "node:fs/promises";
import { join } from "node:path";
import { assertNotReserved } from "../../disk/output-path";
import { readText } from "../../disk/read-file";
import type { LockedPackage } from "../../images/python/requirements";
import type { BuiltImage, DependenciesLock, DependencySet } from "../../lamb/images/locks";
import { SOURCES } from "../../lamb/images/sources";
import { messageOf, OperateError } from "../error";
import { pagesLock } from "./pages";
import { outputOf } from "./program";
import { pythonLock } from "./python";

export interface DependenciesRequest {
  /** Folder of a checkout of LAMB. */
  readonly checkout: string;
  /**
   * Nothing that was published after this day is taken.
   * @default - the day of the checkout's commit: what its authors had
   */
  readonly asOf?: string | undefined;
}

/** The version of Python in LAMB's images. */
const PYTHON = "3.11";

const IMAGES: readonly BuiltImage[] = ["lamb", "kb", "libraryManager"];
const SETS: readonly DependencySet[] = ["slim", "full"];

/**
 * What LAMB's images install, to the version and the hash: of each program what it imports, and all that its
 * requirements name; and the packages of the pages, where the checkout has no lock of them.
 *
 * @throws OperateError `not-a-checkout`, `bad-date`, `no-program`; `program-failed` with everything that failed
 */
export async function lockDependencies({ checkout, asOf }: DependenciesRequest): Promise<DependenciesLock> {
  await mustBeCheckout(checkout);
  const day = asOf ?? (await dayOfCommit(checkout));
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) {
    const fix = "write it as year, month and day: 2026-06-11";
    throw new OperateError({ code: "bad-date", path: "--as-of", value: day, reason: "is not a date", fix });
  }
  const options = { checkout, asOf: day, python: PYTHON };
  const images: { [Image in BuiltImage]: { [Set in DependencySet]: readonly LockedPackage[] } } = {
    lamb: { slim: [], full: [] },
    kb: { slim: [], full: [] },
    libraryManager: { slim: [], full: [] },
  };
  let pages: unknown;
  await everyOne([
    ...IMAGES.flatMap((image) =>
      SETS.map(async (set) => {
        images[image][set] = await pythonLock(SOURCES[image], set, options);
      }),
    ),
    pagesLock(checkout, day).then((lock) => {
      pages = lock;
    }),
  ]);
  return { asOf: day, python: PYTHON, images, ...(pages === undefined ? {} : { pages }) };
}

/** Waits until all are done, and says everything that failed, each failure once. */
async function everyOne(jobs: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(jobs);
  const failures = new Map<string, unknown>();
  for (const result of results) {
    if (result.status === "rejected") failures.set(messageOf(result.reason), result.reason);
  }
  if (failures.size > 1) {
    const reason = ["several things failed:", ...failures.keys()].join("\n");
    throw new OperateError({ code: "not-locked", reason, fix: "correct each of them, and run this again" });
  }
  for (const failure of failures.values()) throw failure;
}

/** The lock as a file. */
export function dependenciesText(lock: DependenciesLock): string {
  return `${JSON.stringify(lock, null, 1)}\n`;
}

/**
 * That a file may be replaced by a lock: there is none, or it is an earlier lock.
 *
 * @throws OperateError `not-ours`; FileError `reserved-name`, `not-a-file`, `too-large`, `cannot-read`
 */
export async function assertReplaceable(path: string): Promise<void> {
  assertNotReserved(path);
  const text = await readText(path);
  if (text === undefined || isLock(text)) return;
  const reason = "exists, and is not a lock of dependencies; nothing was written";
  throw new OperateError({ code: "not-ours", path, reason, fix: "move it away, or name another file with --out" });
}

function isLock(text: string): boolean {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null && "asOf" in data && "images" in data;
  } catch {
    return false;
  }
}

async function mustBeCheckout(checkout: string): Promise<void> {
  const wanted = Object.values(SOURCES).map(({ requirements }) => requirements);
  const missing: string[] = [];
  for (const path of wanted) {
    try {
      await stat(join(checkout, path));
    } catch (error) {
      missing.push(`${path} (${messageOf(error)})`);
    }
  }
  if (missing.length === 0) return;
  throw new OperateError({
    code: "not-a-checkout",
    path: checkout,
    value: missing.join("; "),
    reason: "does not have the files of LAMB's repository",
    fix: "name the folder of a checkout of LAMB with --checkout",
  });
}

async function dayOfCommit(checkout: string): Promise<string> {
  const words = ["log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%d"];
  const remedy = "install git, or say the day with --as-of";
  return (await outputOf("git", words, { cwd: checkout, remedy })).trim();
}
