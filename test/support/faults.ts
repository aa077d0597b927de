import type * as promises from "node:fs/promises";
import type * as holder from "../../lib/disk/holder";

/** A call that changes the disk, or reads it: `open r`. */
export type Call =
  | "open"
  | "open r"
  | "writeFile"
  | "sync"
  | "chmod"
  | "chown"
  | "rename"
  | "link"
  | "rm"
  | "rmdir"
  | "mkdir";
type Moment = "before" | "behind";

/** What stands at the calls of a run: it lets them through, makes them fail, or never comes back. */
const state = {
  calls: [] as Call[],
  at: (_: Call, _moment: Moment): Promise<void> => Promise.resolve(),
  opened: [] as { close(): Promise<void> }[],
  run: 1,
  /** Whether a call is changing the disk. */
  changing: false,
};

const through = () => Promise.resolve();

/** `node:fs/promises` with faults, for `vi.mock`. What is written behind a fault at `writeFile` is a piece of the text. */
export function faultyFiles(real: typeof promises): typeof promises {
  const wrapped =
    <Arguments extends unknown[], Result>(call: Call, work: (...given: Arguments) => Promise<Result>) =>
    (...given: Arguments): Promise<Result> =>
      during(call, () => work(...given));
  const open: typeof real.open = async (path, flags, mode) => {
    const call = typeof flags === "string" && flags.includes("w") ? "open" : "open r";
    return during(call, async () => {
      const file = await real.open(path, flags, mode);
      state.opened.push(file);
      const write = file.writeFile.bind(file);
      file.writeFile = async (data, options) => {
        await during("writeFile", () => write(String(data).slice(0, 3), options));
        await write(String(data).slice(3), options);
      };
      // What a killed process wrote stays without it: only a machine that stops loses it.
      file.sync = wrapped("sync", async () => {});
      file.chmod = wrapped("chmod", file.chmod.bind(file));
      file.chown = wrapped("chown", file.chown.bind(file));
      return file;
    });
  };
  const rename: typeof real.rename = wrapped("rename", real.rename);
  const link: typeof real.link = wrapped("link", real.link);
  const rm: typeof real.rm = wrapped("rm", real.rm);
  const rmdir: typeof real.rmdir = wrapped("rmdir", (path: Parameters<typeof real.rmdir>[0]) => real.rmdir(path));
  const mkdir = ((path, options) => during("mkdir", () => real.mkdir(path, options))) as typeof real.mkdir;
  return { ...real, open, rename, link, rm, rmdir, mkdir };
}

/** Processes for `vi.mock`: each run is one of its own, and those of earlier runs are gone. */
export function processes(real: typeof holder): typeof holder {
  const thisProcess = () => ({ pid: state.run, start: "1", scope: "00000000" });
  return { ...real, thisProcess, isGone: ({ pid }) => pid !== state.run };
}

async function during<Result>(call: Call, work: () => Promise<Result>): Promise<Result> {
  state.calls.push(call);
  await state.at(call, "before");
  if (call !== "open r" && state.changing) throw new Error(`${call}: another change is not done yet`);
  state.changing = call !== "open r" || state.changing;
  let result: Result;
  try {
    result = await work();
  } finally {
    if (call !== "open r") state.changing = false;
  }
  await state.at(call, "behind");
  return result;
}

/** Lets every call through, in a new process. */
function newRun(): void {
  state.at = through;
  state.run++;
  state.changing = false;
}

/** The calls of work that nothing disturbs. */
export async function callsOf(work: () => Promise<unknown>): Promise<readonly Call[]> {
  newRun();
  state.calls.length = 0;
  await work();
  return [...state.calls];
}

export interface FailureOptions {
  /** Whether all later calls fail, too. @default false */
  readonly andAllLater?: boolean;
  /** What happens just before the call fails. */
  readonly first?: () => void;
}

/** What work throws when one of its calls fails; `undefined` when it does without. */
export async function failingAt(
  step: number,
  work: () => Promise<unknown>,
  { andAllLater = false, first }: FailureOptions = {},
): Promise<unknown> {
  newRun();
  let count = 0;
  state.at = async (_, moment) => {
    if (moment === "behind") return;
    const now = count++;
    if (now === step) first?.();
    if (now === step || (andAllLater && now > step)) {
      throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
    }
  };
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    newRun();
  }
}

/** Where work can be killed. */
export interface Kill {
  readonly step: number;
  readonly call: Call;
  readonly moment: Moment;
}

/**
 * Kills that leave each state of the disk through which work goes, once. It makes one call after the other, so that
 * before a call is behind the one before it; only a text has a state between, when a piece of it is written.
 */
export function killsOf(calls: readonly Call[]): readonly Kill[] {
  return calls.flatMap((call, step): Kill[] => [
    ...(step === 0 || calls[step - 1] === "writeFile" ? [{ step, call, moment: "before" } as const] : []),
    ...(call === "open r" ? [] : [{ step, call, moment: "behind" } as const]),
  ]);
}

/** Kills work before or behind one of its calls: none of the later ones is made. */
export async function killedAt(step: number, moment: Moment, work: () => Promise<unknown>): Promise<void> {
  newRun();
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    state.at = (_, now) => {
      if (now === "before") count++;
      if (count !== step + 1 || now !== moment) return Promise.resolve();
      resolve();
      return new Promise(() => {});
    };
    work().then(() => resolve(), reject);
  });
  newRun();
}

/** What a run that was killed never closes. */
export async function closeFiles(): Promise<void> {
  newRun();
  await Promise.allSettled(state.opened.splice(0).map((file) => file.close()));
}
