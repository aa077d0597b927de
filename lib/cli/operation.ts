import { InvalidArgumentError } from "commander";
import { messageOf } from "../disk/error";
import type { CheckResult } from "../operate/doctor/check";
import { ConstructError } from "../report/errors";
import { exitStatus, type Outcome } from "../report/exit-status";
import { say, warn } from "./report";

/** Errors that mean something else than "failed". */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  "in-use": "busy",
  "other-operation": "refused",
  "other-release": "refused",
  "no-backup": "refused",
  "no-installation": "refused",
  "no-place": "refused",
  "retracted-release": "refused",
  "older-release": "refused",
  "required-release": "refused",
  "source-in-use": "refused",
  "target-in-source": "refused",
  "target-populated": "refused",
  "two-installations": "refused",
};

/** What a command has to say at its end. */
export interface Ending {
  readonly outcome: Outcome;
  /** What people read. */
  readonly text?: string | undefined;
  /** Why it failed. */
  readonly error?: unknown;
  /** Beside `outcome`, `status` and `error` for programs. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
}

/** What people read when a change to what runs did not come to a good end. */
export const TROUBLE: Readonly<Partial<Record<Outcome, string>>> = {
  failed: "nothing was touched: what runs is as it was",
  returned: "everything is back to what it was before, on the data from before",
  stuck:
    "it could not be undone automatically: correct what it reports, and run the same command again; it continues from there",
};

/** Runs a command that works on a deployment, says how it ended, and has the process end with the status for it. */
export async function end(json: boolean, act: () => Promise<Ending>): Promise<void> {
  let ending: Ending;
  try {
    ending = await act();
  } catch (error) {
    const code = error instanceof ConstructError ? error.code : "";
    ending = { outcome: OUTCOMES[code] ?? "failed", error };
  }
  const { outcome, text, error } = ending;
  const status = exitStatus(outcome);
  process.exitCode = status;
  if (json) {
    say(JSON.stringify({ outcome, status, ...ending.json, error: errorAsData(error) }, undefined, 2));
    return;
  }
  if (error !== undefined) warn(messageOf(error));
  if (text !== undefined) say(text);
}

/** What is said where checks keep a command from beginning. */
export async function refusal(refused: readonly CheckResult[]): Promise<Ending> {
  const { formatTroubles } = await import("../operate/doctor/text");
  const json = { refused: refused.map(({ check, troubles }) => ({ id: check.id, problems: troubles })) };
  return { outcome: "refused", text: formatTroubles(refused).trimEnd(), json };
}

/** Reads a word that is a number from 0 on. */
export function wholeNumber(word: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new InvalidArgumentError("It must be a whole number.");
}

function errorAsData(error: unknown): unknown {
  if (error === undefined) return undefined;
  if (!(error instanceof ConstructError)) return { reason: messageOf(error) };
  const { code, path, reason, fix } = error;
  return { code, path, reason, fix };
}
