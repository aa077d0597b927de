import { mapOf } from "../../spec/value";
import { networksOf } from "../network-view";
import type { Rule, Violation } from "../rule";
import { servicesOf } from "../service-view";

/**
 * A rule: who must reach the internet has a network that leads there.
 *
 * @param needs the services that must reach addresses outside, such as a model provider or a certificate authority
 */
export function outgoingKept(needs: readonly string[]): Rule {
  const wanted = new Set(needs);
  return {
    id: "outgoing-kept",
    what: "needs the internet, and is not on a network that leads there",
    why: "it starts, and fails at the first request that goes outside",
    fix: "let it join one network that is not `internal: true`",
    severity: "error",
    *check(deployment): Generator<Violation> {
      const declared = mapOf(deployment.project.networks);
      const networks = networksOf(deployment);
      for (const { name, spec, at, text } of servicesOf(deployment)) {
        if (!wanted.has(name) || text(spec.network_mode) === "host") continue;
        const leads = (networks.get(name) ?? []).some((network) => text(mapOf(declared[network]).internal) !== "true");
        if (!leads) yield { path: at(spec.network_mode === undefined ? "networks" : "network_mode") };
      }
    },
  };
}
