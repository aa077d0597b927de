import { ConstructError } from "../../report/errors";
import type { DoctorFacts } from "./facts";

/**
 * How much a problem matters: with an error the deployment does not work or will lose something; a warning is worth a
 * look; advice is worth having.
 */
export type CheckSeverity = "error" | "warning" | "advice";

/** What a check found. */
export interface Trouble {
  /** What it is about: a service, a port, a file. @default - the host or the deployment as a whole */
  readonly subject?: string | undefined;
  /** What is wrong, one sentence. */
  readonly reason: string;
  /** What to do, one sentence. */
  readonly fix: string;
  /** @default - the check's */
  readonly severity?: CheckSeverity | undefined;
}

/** A question about a host or a deployment. Asking changes nothing, and pulls nothing. */
export interface Check {
  /** Stable name, such as `engine-answers`. */
  readonly id: string;
  /** What holds when all is well. */
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  readonly severity: CheckSeverity;
  /** Whether it asks about the host only, so that it can be asked where there is no deployment yet. */
  readonly host: boolean;
  /**
   * Looks. What throws an OperateError could not be looked at: that is said, and is no finding of this check.
   *
   * @returns nothing when all is well
   */
  readonly find: (facts: DoctorFacts) => Promise<readonly Trouble[]>;
}

/** What became of one check. */
export interface CheckResult {
  readonly check: Check;
  readonly troubles: readonly Trouble[];
  /** Why it could not be looked at. */
  readonly unknown: string | undefined;
}

/** How bad a result is. `undefined` when nothing is wrong, as far as could be seen. */
export function severityOf({ check, troubles }: CheckResult): CheckSeverity | undefined {
  const found = new Set(troubles.map(({ severity }) => severity ?? check.severity));
  return SEVERITIES.find((severity) => found.has(severity));
}

/** The worst first. */
export const SEVERITIES: readonly CheckSeverity[] = ["error", "warning", "advice"];

/** What cannot be found out, where exactly that is what is wrong. */
export async function asTrouble(fact: Promise<unknown>): Promise<readonly Trouble[]> {
  try {
    await fact;
    return [];
  } catch (error) {
    if (!(error instanceof ConstructError)) throw error;
    return [{ reason: error.reason, fix: error.fix }];
  }
}

/** Looks at things at once, and gives what was found in their order. */
export async function troublesOf<T>(
  things: readonly T[],
  look: (thing: T) => Promise<readonly Trouble[]>,
): Promise<readonly Trouble[]> {
  return (await Promise.all(things.map(look))).flat();
}
