import { isMap, listOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

const LOOPBACK = /^(127\.|\[?::1\]?$|localhost$)/;

/**
 * @param isProxy whether a service is the one that faces the world
 */
export function loopbackPorts(isProxy: (service: string) => boolean): Rule {
  return {
    id: "loopback-ports",
    what: "publishes a port to everybody who can reach the host",
    why: "Docker's ports pass the host's firewall; whoever reaches one goes round the proxy and what it keeps out",
    fix: "bind it to 127.0.0.1, or let only the proxy publish ports",
    severity: "error",
    check: eachService(({ name, spec, at }, deployment) =>
      isProxy(name)
        ? undefined
        : listOf(spec.ports).flatMap((entry, index) => {
            const text = isMap(entry) ? undefined : deployment.expand(String(entry));
            const host = isMap(entry)
              ? String(entry.host_ip ?? "")
              : (text?.match(/^(\[[^\]]*\]|[^:]*):[^:]*:[^:]*$/)?.[1] ?? "");
            return LOOPBACK.test(deployment.expand(host))
              ? []
              : [{ path: at("ports", index), ...(text === undefined ? {} : { value: text }) }];
          }),
    ),
  };
}
