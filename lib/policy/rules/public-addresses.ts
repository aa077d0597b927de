import type { Rule, Violation } from "../rule";
import { environmentOf, servicesOf } from "../service-view";

const LOCAL = /^[a-z]+:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/i;

/**
 * A rule: addresses that a browser gets to see are the public ones.
 *
 * @param proxy the service that faces the world; without it, browsers are on the same host
 * @param names the variables that hold addresses for browsers
 */
export function publicAddresses(proxy: string, names: readonly string[]): Rule {
  const wanted = new Set(names);
  return {
    id: "public-addresses",
    what: "gives browsers an address on their own machine",
    why: "links, login and launches lead nowhere for everybody who is not at the server itself",
    fix: "set it to the public address in the overlay that brings the proxy",
    severity: "error",
    *check(deployment): Generator<Violation> {
      if (!Object.hasOwn(deployment.services, proxy)) return;
      for (const service of servicesOf(deployment)) {
        for (const { name, value, path } of environmentOf(service)) {
          if (wanted.has(name) && LOCAL.test(service.text(value)))
            yield { path: service.at(...path), value: service.text(value) };
        }
      }
    },
  };
}
