import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type FileLock, isHeld, takeLock } from "../../disk/lock";
import { OperateError } from "../error";
import { STATE_FOLDER, stateFolder } from "./folder";
import { type Facts, type Operation, type OperationResult, type Progress, runOperation } from "./operation";
import { type OperationRecord, operationRecord } from "./record";
import { guardSignals } from "./signals";

const LOCK = "lock";

/** A deployment that nobody else changes for now. */
export interface OpenedDeployment {
  /** What is known of the operation that was interrupted here. `undefined` when none was. */
  readonly cutOff: Facts | undefined;
  /**
   * Runs an operation: from its beginning, or from where it was cut off.
   *
   * @param facts what its steps know at its beginning
   */
  run(operation: Operation, facts?: Facts): Promise<OperationResult>;
  /** Gives it back. */
  close(): Promise<void>;
}

/**
 * Takes the lock of a deployment, which no living process may have, and looks whether an operation was cut off in it.
 *
 * @param name of the operation that is to run: one of the same name that was cut off is gone on with
 * @param givesUp whether the one that was cut off is taken back
 * @throws FileError `in-use`
 * @throws OperateError `other-operation` when another one was cut off
 */
export async function openDeployment(
  dir: string,
  name: string,
  progress: Progress,
  givesUp = false,
): Promise<OpenedDeployment> {
  const folder = await stateFolder(dir);
  const lock: FileLock = await takeLock(join(folder, LOCK), dir);
  const giveBack = async () => {
    await lock.release();
    // Where nothing was kept, as in a directory without a deployment, nothing is left: only an empty folder can go.
    await rmdir(folder).catch(() => undefined);
  };
  try {
    const found = await operationRecord.read(dir);
    const isOther = found !== undefined && found.operation !== name;
    if (isOther && !isHarmless(found)) throw cutOff(dir, found.operation, found.step);
    if (isOther)
      progress.note(`\`${found.operation}\` was interrupted at "${found.step}"; nothing of it has to be undone`);
    const record = isOther ? undefined : found;
    const from = record !== undefined && givesUp ? givenUp(record) : record;
    if (record !== undefined) {
      const what = givesUp ? "is undone" : "continues from there";
      progress.note(`\`${name}\` was interrupted at "${record.step}", and ${what}`);
    }
    const signals = guardSignals((text) => progress.note(text));
    return {
      cutOff: from?.facts,
      run: (operation, facts) =>
        runOperation(operation, { dir, progress, signals, now: () => new Date(), from, facts }),
      close: async () => {
        signals.release();
        await giveBack();
      },
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** Whether an operation that was cut off has begun nothing that must come to an end. */
export function isHarmless({ operation }: OperationRecord): boolean {
  // It brings what runs to what the files say, and stops nothing.
  return operation === "up";
}

function givenUp(record: OperationRecord): OperationRecord {
  return record.direction === "back" ? record : { ...record, direction: "back", step: "", reason: "it was given up" };
}

/** Whether a living process works on a deployment. Changes nothing. */
export function isAtWork(dir: string): Promise<boolean> {
  return isHeld(join(dir, STATE_FOLDER, LOCK));
}

/** There is no operation to take back. */
export function nothingToAbort(dir: string): OperateError {
  const reason = "no operation was interrupted here";
  return new OperateError({ code: "nothing-to-abort", path: dir, reason, fix: "leave out --abort" });
}

function cutOff(dir: string, operation: string, step: string): OperateError {
  return new OperateError({
    code: "other-operation",
    path: dir,
    reason: `\`lamb-compose ${operation}\` was interrupted at "${step}"`,
    fix: operation.includes(" --")
      ? `run \`lamb-compose ${operation} ${dir}\` first: it begins anew`
      : `run \`lamb-compose ${operation} --dir ${dir}\` first: it continues from there; with --abort it is undone; or add --cut-off resume, or --cut-off abort, here, which does that first`,
  });
}
