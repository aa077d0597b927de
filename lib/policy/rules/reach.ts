import { mapOf, namesIn } from "../../construct/checks/model";
import { type Rule, servicesOf, type Violation } from "../rule";

/**
 * @param allowed for each guarded service, the services that may share a network with it
 */
export function reach(allowed: { readonly [service: string]: readonly string[] }): Rule {
  return {
    id: "reach",
    what: "shares a network with a service that it has no business with",
    why: "what can be reached can be attacked: a break-in into one service is one into all of its neighbours",
    fix: "give the two that talk a network of their own",
    severity: "error",
    *check(deployment): Generator<Violation> {
      const members = new Map<string, string[]>();
      for (const { name, spec } of servicesOf(deployment)) {
        const joined = namesIn(spec.networks);
        const networks = joined.length > 0 || spec.network_mode !== undefined ? joined : ["default"];
        for (const network of networks) members.set(network, [...(members.get(network) ?? []), name]);
      }
      for (const [network, services] of members) {
        for (const guarded of services.filter((name) => Object.hasOwn(allowed, name))) {
          const strangers = services.filter((name) => name !== guarded && !allowed[guarded]?.includes(name));
          for (const stranger of strangers) {
            const declared = mapOf(deployment.services[stranger]).networks !== undefined;
            const path = ["services", stranger, "networks", ...(declared ? [network] : [])];
            yield {
              path,
              value: network,
              reason: `shares the network ${network} with ${guarded}, which it has no business with`,
            };
          }
        }
      }
    },
  };
}
