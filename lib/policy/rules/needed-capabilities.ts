import type { ComposeValue } from "../../spec";
import { listOf } from "../../spec/value";
import { capabilityOf, IMAGE_CAPABILITIES, type NeededCapabilities } from "../image-capabilities";
import { factsOf, type ImageFact } from "../image-facts";
import type { Rule, Violation } from "../rule";
import type { ServiceView } from "../service-view";

/**
 * A rule: a service whose capabilities are dropped keeps those that its image needs to start.
 *
 * @param table by image, the capabilities without which it does not start
 */
export function neededCapabilities(table: readonly ImageFact<NeededCapabilities>[] = IMAGE_CAPABILITIES): Rule {
  return {
    id: "needed-capabilities",
    what: "drops capabilities that its image needs to start",
    why: 'the container ends with "Operation not permitted", again and again',
    fix: "add them back with cap_add",
    severity: "error",
    *check(deployment): Generator<Violation> {
      for (const [service, { capabilities, use, asAnyUser = false }] of factsOf(deployment, table)) {
        if (!startsAsBuilt(service, asAnyUser)) continue;
        const missing = capabilities.filter((name) => !isGiven(service, name));
        if (missing.length === 0) continue;
        yield {
          path: service.at("cap_add"),
          value: missing.join(", "),
          reason: `drops capabilities that its image needs to start: it ${use}`,
          fix: `set cap_add: [${capabilities.join(", ")}]`,
        };
      }
    },
  };
}

/** Whether the image's own entrypoint runs, as root where that matters. */
function startsAsBuilt({ spec, text }: ServiceView, asAnyUser: boolean): boolean {
  const user = text(spec.user).split(":")[0] ?? "";
  const isRoot = user === "" || user === "0" || user === "root";
  return (spec.entrypoint === undefined || spec.entrypoint === null) && (asAnyUser || isRoot);
}

function isGiven({ spec, text }: ServiceView, capability: string): boolean {
  const has = (list: ComposeValue | undefined) => {
    const names = listOf(list).map((entry) => capabilityOf(text(entry)));
    return names.includes(capability) || names.includes("ALL");
  };
  return text(spec.privileged) === "true" || has(spec.cap_add) || !has(spec.cap_drop);
}
