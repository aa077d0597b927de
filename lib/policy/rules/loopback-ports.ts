import { isLoopback } from "../loopback";
import { portsOf } from "../port-view";
import { eachService, type Rule, type Violation } from "../rule";
import type { ServiceView } from "../service-view";

/**
 * A rule: what is not meant for the public is published on the loopback address only.
 *
 * @param isPublic whether a service may publish one of its ports to the world, by the port of the container and that of
 *   the host: true for the proxy's
 */
export function loopbackPorts(
  isPublic: (service: ServiceView, target: number, published: number | undefined) => boolean,
): Rule {
  return {
    id: "loopback-ports",
    what: "publishes a port to everybody who can reach the host",
    why: "Docker's ports bypass the host's firewall, and also the proxy and what it blocks",
    fix: "bind it to 127.0.0.1, or let only the proxy publish ports",
    severity: "error",
    check: eachService((service) => {
      const { spec, at, text } = service;
      const found = new Map<number, Violation>();
      if (text(spec.network_mode) === "host") {
        const reason = "uses the host's network: every port it listens on is open to everybody who can reach the host";
        const fix = "remove network_mode: host, and publish only the ports that others need";
        return { path: at("network_mode"), value: "host", reason, fix };
      }
      for (const port of portsOf(service)) {
        const { index, text: value, address, target, published } = port;
        // An address that only the operator knows may be any.
        const isOwn = address !== undefined && isLoopback(address);
        if (!isOwn && !(target !== undefined && isPublic(service, target, published)))
          found.set(index, { path: at("ports", index), value });
      }
      return [...found.values()];
    }),
  };
}
