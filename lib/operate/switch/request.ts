import type { Environment } from "../../env/file";
import { type CheckResult, severityOf } from "../doctor/check";
import { examine } from "../doctor/doctor";
import type { OperationResult, Progress } from "../journal/operation";

/** What an operation is told that has another state take the place of what runs. */
export interface SwitchRequest<Plan> {
  readonly dir: string;
  readonly environment: Environment;
  readonly progress: Progress;
  /** Seconds for which services are watched afterwards. */
  readonly watch: number;
  /** Takes back one that was cut off, and does nothing else. */
  readonly abort: boolean;
  /** Asked before anything is done. */
  readonly agrees: (plan: Plan) => Promise<boolean>;
}

/** How it went. */
export type SwitchResult<Plan> =
  | { readonly kind: "not-agreed"; readonly plan: Plan }
  | (OperationResult & { readonly kind: "ended"; readonly state: number });

/** What the checks found that come before it: nothing was begun. */
export interface SwitchRefused {
  readonly kind: "refused";
  readonly refused: readonly CheckResult[];
}

/** What keeps it from beginning, if anything does: checks that failed, and with `isStrict` those that could not look. */
export async function refusedBefore(
  { dir, environment }: Pick<SwitchRequest<unknown>, "dir" | "environment">,
  checks: ReadonlySet<string>,
  { isStrict = false } = {},
): Promise<SwitchRefused | undefined> {
  const results = await examine({ dir, environment, only: checks });
  const refused = results.filter(
    (result) => severityOf(result) === "error" || (isStrict && result.unknown !== undefined),
  );
  return refused.length === 0 ? undefined : { kind: "refused", refused };
}
