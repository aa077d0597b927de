import { mapOf } from "../../construct/checks/model";
import { networksOf } from "../network-view";
import type { Rule, Violation } from "../rule";

/**
 * @param allowed for each guarded service, the services that may share a network with it
 */
export function reach(allowed: { readonly [service: string]: readonly string[] }): Rule {
  const guards = new Map(Object.entries(allowed).map(([name, others]) => [name, new Set(others)]));
  return {
    id: "reach",
    what: "shares a network with a service that it has no business with",
    why: "what can be reached can be attacked: a break-in into one service is one into all of its neighbours",
    fix: "give the two that talk a network of their own",
    severity: "error",
    *check(deployment): Generator<Violation> {
      const members = new Map<string, string[]>();
      for (const [name, networks] of networksOf(deployment)) {
        for (const network of networks) {
          const present = members.get(network);
          if (present === undefined) members.set(network, [name]);
          else present.push(name);
        }
      }
      for (const [network, services] of members) {
        for (const guarded of services) {
          const friends = guards.get(guarded);
          if (friends === undefined) continue;
          for (const stranger of services) {
            if (stranger === guarded || friends.has(stranger)) continue;
            const { networks } = mapOf(deployment.services[stranger]);
            yield {
              path: ["services", stranger, "networks", ...(networks === undefined ? [] : [network])],
              value: network,
              reason: `shares the network ${network} with ${guarded}, which it has no business with`,
            };
          }
        }
      }
    },
  };
}
