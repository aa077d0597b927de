import { ConstructError } from "../../report/errors";
import type { Check, CheckResult } from "./check";
import { DATA_CHECKS } from "./checks/data";
import { ENGINE_CHECKS } from "./checks/engine";
import { FILE_CHECKS } from "./checks/files";
import { HOST_CHECKS } from "./checks/host";
import { IMAGE_CHECKS } from "./checks/images";
import { NETWORK_CHECKS } from "./checks/network";
import { OLDER_CHECKS } from "./checks/older";
import { PUBLIC_CHECKS } from "./checks/public";
import { RUNNING_CHECKS } from "./checks/running";
import { DoctorFacts, type DoctorFactsOptions } from "./facts";

/** All checks, in the order in which they are said. */
export const CHECKS: readonly Check[] = [
  ...ENGINE_CHECKS,
  ...HOST_CHECKS,
  ...NETWORK_CHECKS,
  ...PUBLIC_CHECKS,
  ...FILE_CHECKS,
  ...IMAGE_CHECKS,
  ...RUNNING_CHECKS,
  ...DATA_CHECKS,
  ...OLDER_CHECKS,
];

export interface ExamineOptions extends DoctorFactsOptions {
  /** Ids of the checks that are asked. @default - all */
  readonly only?: ReadonlySet<string> | undefined;
}

/**
 * Asks all checks at once of a host, and of the deployment on it if there is one. Nothing is pulled, and nothing changed.
 */
export async function examine({ only, ...options }: ExamineOptions): Promise<readonly CheckResult[]> {
  return examineFacts(new DoctorFacts(options), only);
}

/** The same for facts that are asked for more than that. */
export async function examineFacts(facts: DoctorFacts, only?: ReadonlySet<string>): Promise<readonly CheckResult[]> {
  const asked = CHECKS.filter(({ id, host }) => (host || !facts.isHostOnly) && (only?.has(id) ?? true));
  return Promise.all(asked.map((check) => resultOf(check, facts)));
}

async function resultOf(check: Check, facts: DoctorFacts): Promise<CheckResult> {
  try {
    return { check, troubles: await check.find(facts), unknown: undefined };
  } catch (error) {
    if (!(error instanceof ConstructError)) throw error;
    return { check, troubles: [], unknown: error.reason };
  }
}
