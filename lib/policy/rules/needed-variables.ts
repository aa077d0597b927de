import { factsOf, type ImageFact } from "../image-facts";
import type { Rule, Violation } from "../rule";
import { environmentOf } from "../service-view";

/** A variable that a program cannot do without. One that is only passed on may be unset. */
export interface NeededVariable {
  /** Any one of these will do. */
  readonly names: readonly string[];
  /** What happens without it: the end of a sentence that begins with the service. */
  readonly without: string;
}

/**
 * A rule: a service has the variables without which it does not work.
 *
 * @param table by image, the variables that it needs in its container
 */
export function neededVariables(table: readonly ImageFact<NeededVariable>[]): Rule {
  return {
    id: "needed-variables",
    what: "does not get a variable that its program needs",
    why: "the program falls back to what is built into it, or stops",
    fix: "pass it in `environment`",
    severity: "error",
    *check(deployment): Generator<Violation> {
      for (const [service, { names, without }] of factsOf(deployment, table)) {
        if (service.runsCommand) continue;
        const given = new Set(
          environmentOf(service).flatMap(({ name, value }) => (value === null || value === undefined ? [] : [name])),
        );
        // What an env_file holds is not known here.
        if (service.spec.env_file !== undefined || names.some((name) => given.has(name))) continue;
        yield {
          path: service.at("environment", names[0] ?? ""),
          value: names.join(" or "),
          reason: `does not get ${names.join(" or ")}: it ${without}`,
        };
      }
    },
  };
}
