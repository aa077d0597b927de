import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "../../../lib/operate/journal/folder";
import { type Operation, runOperation, type Step } from "../../../lib/operate/journal/operation";
import { operationRecord } from "../../../lib/operate/journal/record";

/** Where a step is killed: before it does anything, between its two halves, when all is done. */
export const POINTS = ["before", "between", "after"] as const;

/**
 * An operation on a folder in which the file `version` says `old`: it makes it say `new`, or fails and brings back `old`.
 *
 * @param kill called at each point of each step, such as `switch between`
 */
export function switching(dir: string, fails: boolean, kill: (point: string) => void): Operation {
  const at = (name: string) => join(dir, name);
  const step = (id: string, first: () => void, second: () => void): Step => ({
    id,
    what: id,
    run: async () => {
      kill(`${id} before`);
      first();
      kill(`${id} between`);
      second();
      kill(`${id} after`);
      return { [id]: "done" };
    },
  });
  const nothing = () => {};
  return {
    name: "switch",
    touches: new Set(["switch"]),
    steps: [
      step("prepare", () => writeFileSync(at("next"), "new"), nothing),
      step("keep", () => writeFileSync(at("kept"), "old"), nothing),
      step("switch", () => existsSync(at("next")) && renameSync(at("next"), at("version")), nothing),
      step(
        "verify",
        () => {
          if (fails) throw new Error("the new one does not work");
        },
        nothing,
      ),
    ],
    back: [
      step(
        "restore",
        () => writeFileSync(at("back"), readFileSync(at("kept"), "utf8")),
        () => renameSync(at("back"), at("version")),
      ),
      step("tidy", nothing, nothing),
    ],
  };
}

/** Runs it, from where it was cut off if it was. */
export async function runSwitching(dir: string, fails: boolean, kill: (point: string) => void) {
  await stateFolder(dir);
  const steps: string[] = [];
  const result = await runOperation(switching(dir, fails, kill), {
    dir,
    from: await operationRecord.read(dir),
    progress: { step: (what) => steps.push(what), note: () => {} },
    signals: { asked: undefined },
    now: () => new Date(),
  });
  return { ...result, steps };
}

const [, file, dir, fails, point] = process.argv;
if (file?.endsWith("switching.ts") && dir !== undefined) {
  await runSwitching(dir, fails === "fails", (now) => {
    if (now === point) process.kill(process.pid, "SIGKILL");
  });
}
