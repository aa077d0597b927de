import { dependenciesOf } from "../../construct/checks/model";
import type { Rule, Violation } from "../rule";
import { servicesOf } from "../service-view";

/**
 * A rule: a service waits until those that it cannot do without are healthy.
 *
 * @param needed for a service, those that must be ready before it starts, when the deployment has them
 */
export function waitsFor(needed: { readonly [service: string]: readonly string[] }): Rule {
  return {
    id: "waits-for",
    what: "does not wait for a service that it needs to start",
    why: "whether it starts depends on which of the two is faster",
    fix: "add the other one to depends_on, with condition: service_healthy",
    severity: "error",
    *check(deployment): Generator<Violation> {
      for (const { name, spec, at } of servicesOf(deployment)) {
        const others = Object.hasOwn(needed, name) ? (needed[name] ?? []) : [];
        const awaited = new Set(dependenciesOf(spec).map((dependency) => dependency.name));
        for (const other of others) {
          if (awaited.has(other) || !Object.hasOwn(deployment.services, other)) continue;
          yield {
            path: at("depends_on"),
            value: other,
            reason: `does not wait for ${other}, which it needs to start`,
          };
        }
      }
    },
  };
}
