import type { Outcome } from "../../report/exit-status";
import { messageOf } from "../error";
import { type OperationRecord, operationRecord } from "./record";
import type { SignalGuard } from "./signals";

/** What steps know of each other, kept in the journal. No value of an `.env`. */
export type Facts = Readonly<Record<string, string>>;

/** One step of an operation. */
export interface Step {
  /** Stable name: it stands in journals. */
  readonly id: string;
  /** What is being done, for people: "pulling the images". */
  readonly what: string;
  /**
   * Does it. A process may be killed at any point of it, and then it is called again: both times together must end as
   * one does.
   *
   * @returns facts for the steps after it
   */
  readonly run: (facts: Facts) => Promise<Facts | undefined>;
}

/** A step that later ones need nothing of. */
export function step(id: string, what: string, run: (facts: Facts) => Promise<unknown>): Step {
  return { id, what, run: (facts) => run(facts).then(() => undefined) };
}

/** The words of a fact, with spaces between them. */
export function wordsIn(text = ""): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** Something that is done to a deployment, step by step. */
export interface Operation {
  /** Name of the command, such as `upgrade`. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** Ids of the steps from which on what runs may be other than before. */
  readonly touches: ReadonlySet<string>;
  /**
   * What brings back the state before, from wherever the steps were: each does nothing where there is nothing to do.
   * `undefined` where nothing is lost and the same command is simply given again.
   */
  readonly back: readonly Step[] | undefined;
  /**
   * Says why, by now, nothing that is known here leads back, and what does.
   *
   * @param error why it is to be taken back
   * @default - `back` always does
   */
  readonly noReturn?: ((facts: Facts, error: unknown) => Error | undefined) | undefined;
}

/** Gets what happens, to show it. */
export interface Progress {
  /** A step begins: which one, and of how many. */
  step(what: string, at: number, of: number): void;
  /** Something to know. */
  note(text: string): void;
}

/** How an operation ended. */
export interface OperationResult {
  readonly outcome: Outcome;
  /** Why it failed. */
  readonly error: unknown;
  /** Why going back failed, too. */
  readonly second: unknown;
  readonly facts: Facts;
}

export interface RunOperationOptions {
  /** The directory of the deployment. Its lock is held. */
  readonly dir: string;
  readonly progress: Progress;
  readonly signals: Pick<SignalGuard, "asked">;
  readonly now: () => Date;
  /** Where to go on. @default - at the beginning */
  readonly from?: OperationRecord | undefined;
  /** What is known before the first step. @default - nothing */
  readonly facts?: Facts | undefined;
}

/**
 * Runs an operation, each step written down before it begins. What fails is taken back by itself. What is killed is in
 * the journal, and is called again with `from`.
 */
export async function runOperation(operation: Operation, options: RunOperationOptions): Promise<OperationResult> {
  const { dir, progress, signals, now, from } = options;
  const began = from?.began ?? now().toISOString();
  let facts: Facts = from?.facts ?? options.facts ?? {};
  let hasTouched = false;
  let error: unknown = from?.direction === "back" ? new Error(from.reason) : undefined;

  if (from?.direction !== "back") {
    const { steps, touches } = operation;
    const first = from === undefined ? 0 : stepAt(steps, from.step);
    hasTouched = steps.slice(0, first).some(({ id }) => touches.has(id));
    try {
      for (const [at, step] of steps.entries()) {
        if (at < first) continue;
        if (signals.asked !== undefined) throw new Error(`stopped by ${signals.asked}`);
        const record = { operation: operation.name, began, direction: "forward", step: step.id, facts } as const;
        await operationRecord.write(dir, record);
        hasTouched ||= touches.has(step.id);
        progress.step(step.what, at + 1, steps.length);
        facts = { ...facts, ...(await step.run(facts)) };
      }
      await operationRecord.remove(dir);
      return { outcome: "ok", error: undefined, second: undefined, facts };
    } catch (reason) {
      error = reason;
    }
  } else hasTouched = true;

  const { back } = operation;
  try {
    const noReturn = operation.noReturn?.(facts, error);
    if (noReturn !== undefined) {
      // Whatever does lead back is another operation, which must find no other one.
      await operationRecord.remove(dir);
      return { outcome: "stuck", error, second: noReturn, facts };
    }
    if (back === undefined) {
      await operationRecord.remove(dir);
      return { outcome: hasTouched ? "stuck" : "failed", error, second: undefined, facts };
    }
    const first = from?.direction === "back" ? stepAt(back, from.step) : 0;
    for (const [at, step] of back.entries()) {
      if (at < first) continue;
      const record = { operation: operation.name, began, direction: "back", step: step.id, facts } as const;
      await operationRecord.write(dir, { ...record, reason: messageOf(error) });
      progress.step(`going back: ${step.what}`, at + 1, back.length);
      await step.run(facts);
    }
    await operationRecord.remove(dir);
    return { outcome: hasTouched ? "returned" : "failed", error, second: undefined, facts };
  } catch (second) {
    return { outcome: "stuck", error, second, facts };
  }
}

/** Where a step stands. One that is not there any more was renamed: everything is done again, which does no harm. */
function stepAt(steps: readonly Step[], id: string): number {
  return Math.max(
    0,
    steps.findIndex((step) => step.id === id),
  );
}
