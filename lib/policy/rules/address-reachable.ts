import { dependenciesOf, isMap, listOf, mapOf, namesIn } from "../../construct/checks/model";
import type { ComposeValue } from "../../spec";
import { networksOf } from "../network-view";
import type { Rule, Violation } from "../rule";
import { environmentOf, type ServiceView, servicesOf } from "../service-view";

/** Hosts in addresses: `http://kb:9090`, `postgres://user:pw@db/name`. */
const HOST = /\b[a-z][a-z0-9+.-]*:\/\/(?:[^/\s@]*@)?([a-z0-9][a-z0-9_.-]*)(?=[:/?#,\s]|$)/gi;
const OF_THE_HOST = "host.docker.internal";

export const addressReachable: Rule = {
  id: "address-reachable",
  what: "has the address of a service that it cannot reach",
  why: "the stack starts, and the first request to that address fails",
  fix: "correct the name, give both a network, or let it depend on the service",
  severity: "warning",
  *check(deployment): Generator<Violation> {
    const networks = networksOf(deployment);
    const services = servicesOf(deployment);
    const byHost = new Map<string, ServiceView>();
    for (const service of services) for (const host of namesOf(service)) byHost.set(host, service);
    for (const service of services) {
      const own = new Set(networks.get(service.name));
      const hosts = extraHosts(service);
      for (const { value, path } of environmentOf(service)) {
        for (const [, host = ""] of service.text(value).matchAll(HOST)) {
          const other = byHost.get(host);
          const isOutside = host.includes(".") || host === "localhost" || hosts.has(host) || own.size === 0;
          const problem =
            host === OF_THE_HOST && !hosts.has(host)
              ? `has the address ${host}, which no container on Linux knows without extra_hosts`
              : other === undefined
                ? isOutside || isOfOperator(value, host)
                  ? undefined
                  : `has the address of ${host}, and no service is called that`
                : problemWith(service, other, own, networks.get(other.name) ?? []);
          if (problem === undefined) continue;
          const fix = host === OF_THE_HOST ? 'set extra_hosts: { "host.docker.internal": "host-gateway" }' : undefined;
          yield { path: service.at(...path), value: host, reason: problem, ...(fix === undefined ? {} : { fix }) };
        }
      }
    }
  },
};

function problemWith(
  service: ServiceView,
  other: ServiceView,
  own: ReadonlySet<string>,
  theirs: readonly string[],
): string | undefined {
  if (other === service || own.size === 0) return undefined;
  if (!theirs.some((network) => own.has(network))) {
    return `has the address of ${other.name}, and shares no network with it`;
  }
  const profiles = namesIn(other.spec.profiles);
  if (profiles.length === 0) return undefined;
  const mine = namesIn(service.spec.profiles);
  const together = mine.length > 0 && mine.every((profile) => profiles.includes(profile));
  const awaited = dependenciesOf(service.spec).some(({ name }) => name === other.name);
  if (together || awaited) return undefined;
  return `has the address of ${other.name}, which only runs with a profile, and nothing says that it does without`;
}

/** Names under which others find a service. */
function namesOf({ name, spec, text }: ServiceView): readonly string[] {
  const aliases = Object.values(mapOf(spec.networks)).flatMap((network) => listOf(mapOf(network).aliases).map(text));
  return [name, text(spec.hostname), text(spec.container_name), ...aliases].filter(Boolean);
}

/** Names that only this service knows. */
function extraHosts({ spec, text }: ServiceView): ReadonlySet<string> {
  const { extra_hosts: hosts } = spec;
  const names = isMap(hosts) ? Object.keys(hosts) : listOf(hosts).map((entry) => text(entry).split(/[:=]/)[0] ?? "");
  const links = [...listOf(spec.links), ...listOf(spec.external_links)];
  return new Set([...names, ...links.map((entry) => text(entry).split(":").at(-1) ?? "")]);
}

/** A host that is the name of a required variable: only the operator knows it. */
function isOfOperator(value: ComposeValue | undefined, host: string): boolean {
  return String(value).includes(`\${${host}`);
}
