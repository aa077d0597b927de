import { assertNotReserved } from "../../disk/output-path";
import { readText } from "../../disk/read-file";
import type { LockedPackage } from "../../images/python/requirements";
import type { BuiltImage, DependenciesLock, DependencySet, ImageDependencies } from "../../lamb/images/locks";
import { BUILT_IMAGES, SOURCES } from "../../lamb/images/sources";
import { objectIn } from "../../spec/json";
import { messageOf, OperateError } from "../error";
import { type CheckoutLayout, DEFAULT_PYTHON, layoutOf } from "./layout";
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

const SETS: readonly DependencySet[] = ["slim", "full"];

/**
 * What LAMB's images install, to the version and the hash: of each program what it imports, and all that its
 * requirements name; and the packages of the pages, where the checkout has no lock of them. With it goes how the sources
 * lie in the checkout, so that the Dockerfiles fit.
 *
 * @throws OperateError `not-a-checkout`, `unknown-layout`, `bad-date`, `no-program`; `program-failed` with everything that failed
 */
export async function lockDependencies({ checkout, asOf }: DependenciesRequest): Promise<DependenciesLock> {
  const layout = await layoutOf(checkout);
  const day = asOf ?? (await dayOfCommit(checkout));
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) {
    const fix = "write it as year, month and day: 2026-06-11";
    throw new OperateError({ code: "bad-date", path: "--as-of", value: day, reason: "is not a date", fix });
  }
  const images = {
    lamb: emptyLock("lamb", layout),
    kb: emptyLock("kb", layout),
    libraryManager: emptyLock("libraryManager", layout),
  };
  let pages: Pick<DependenciesLock, "pages" | "workspace"> = {};
  await everyOne([
    ...BUILT_IMAGES.flatMap((image) =>
      SETS.map(async (set) => {
        const options = { checkout, asOf: day, ...layout.images[image] };
        images[image][set] = await pythonLock(SOURCES[image], set, options);
      }),
    ),
    pagesLock(checkout, layout.workspace, day).then((lock) => {
      pages = lock;
    }),
  ]);
  return { asOf: day, python: DEFAULT_PYTHON, images, ...pages };
}

/** The lock of an image before anything is locked: where the checkout differs from what LAMB has had so far. */
function emptyLock(image: BuiltImage, { images }: CheckoutLayout): Omit<ImageDependencies, DependencySet> & Packages {
  const { python, requirements } = images[image];
  return {
    ...(python === DEFAULT_PYTHON ? {} : { python }),
    ...(requirements.join() === SOURCES[image].requirements ? {} : { requirements }),
    slim: [],
    full: [],
  };
}

type Packages = { [Set in DependencySet]: readonly LockedPackage[] };

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
  const data = objectIn(text) ?? {};
  return "asOf" in data && "images" in data;
}

async function dayOfCommit(checkout: string): Promise<string> {
  const words = ["log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%d"];
  const remedy = "install git, or say the day with --as-of";
  return (await outputOf("git", words, { cwd: checkout, remedy })).trim();
}
