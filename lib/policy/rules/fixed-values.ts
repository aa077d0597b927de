import { factsOf, type ImageFact } from "../image-facts";
import type { Rule, Violation } from "../rule";
import { environmentOf } from "../service-view";

/** A variable that has one right value. */
export interface FixedValue {
  readonly name: string;
  readonly value: string;
  /** Why: a clause. */
  readonly because: string;
}

/**
 * A rule: variables of a container that no operator may choose have their one value.
 *
 * @param table by image, the variables whose value the operator must not choose
 */
export function fixedValues(table: readonly ImageFact<FixedValue>[]): Rule {
  return {
    id: "fixed-values",
    what: "lets a variable be something else than the one value that works",
    why: "setting it breaks the deployment",
    fix: "write the value itself",
    severity: "error",
    *check(deployment): Generator<Violation> {
      for (const [service, { name, value, because }] of factsOf(deployment, table)) {
        for (const entry of environmentOf(service)) {
          if (entry.name !== name || (entry.value !== null && String(entry.value) === value)) continue;
          yield {
            path: service.at(...entry.path),
            reason: `is not simply ${value}: ${because}`,
            fix: `write ${value}`,
          };
        }
      }
    },
  };
}
