import { portsOf } from "../port-view";
import { eachService, type Rule } from "../rule";

/**
 * A rule: where the proxy answers on TCP port 443, it does on UDP, too.
 *
 * @param isProxy whether a service is the one that speaks HTTP/3
 */
export function http3Published(isProxy: (service: string) => boolean): Rule {
  return {
    id: "http3-published",
    what: "publishes 443 for TCP and not for UDP",
    why: "the proxy offers HTTP/3, and browsers that try it wait before they fall back",
    fix: 'publish "443:443/udp", too',
    severity: "warning",
    check: eachService((service) => {
      const protocols = portsOf(service).flatMap(({ target, protocol }) => (target === 443 ? [protocol] : []));
      const lacks = isProxy(service.name) && protocols.includes("tcp") && !protocols.includes("udp");
      return lacks ? { path: service.at("ports") } : undefined;
    }),
  };
}
