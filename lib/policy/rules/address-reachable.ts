import { dependenciesOf, namesIn } from "../../construct/checks/model";
import { isMap, listOf, mapOf } from "../../spec/value";
import { networksOf } from "../network-view";
import type { Rule, Violation } from "../rule";
import { environmentOf, type ServiceView, servicesOf } from "../service-view";

/** Hosts in addresses: `http://kb:9090`, `postgres://user:pw@db/name`; not buckets and files: `s3://uploads`. */
const HOST =
  /(?<!\b(?:s3|gs|gcs|az|abfss?|wasbs?|unix|file|sqlite|npipe)):\/\/(?:[^/\s@]*@)?([a-z0-9][a-z0-9_.-]*)(?=[:/?#,\s]|$)/gi;
const OF_THE_HOST = "host.docker.internal";

export const addressReachable: Rule = {
  id: "address-reachable",
  what: "names the address of a service that it cannot reach",
  why: "the stack starts, and the first request to that address fails",
  fix: "correct the name, give both a network, or let it depend on the service",
  severity: "warning",
  *check(deployment): Generator<Violation> {
    const networks = networksOf(deployment);
    const services = servicesOf(deployment);
    const byHost = hostsOf(services);
    const declared = mapOf(deployment.project.networks);
    const isOpen = (network: string) => Boolean(mapOf(declared[network]).external);
    for (const service of services) {
      for (const { value, path } of environmentOf(service)) {
        if (typeof value !== "string" || !value.includes("://")) continue;
        for (const [, host = ""] of service.text(value).matchAll(HOST)) {
          if (isOfOperator(value, host)) continue;
          const other = byHost.get(host);
          // On a network that is not the project's own, others may be called so.
          if (other === undefined && (networks.get(service.name) ?? []).some(isOpen)) continue;
          const problem = problemOf(service, host, other, networks);
          if (problem !== undefined) yield { path: service.at(...path), value: host, ...problem };
        }
      }
    }
  },
};

/** Services by the names under which others find them: their own first of all. */
function hostsOf(services: readonly ServiceView[]): ReadonlyMap<string, ServiceView> {
  const byHost = new Map<string, ServiceView>();
  for (const service of services) for (const host of aliasesOf(service)) byHost.set(host, service);
  for (const service of services) byHost.set(service.name, service);
  return byHost;
}

type Problem = Pick<Violation, "reason" | "fix">;

function problemOf(
  service: ServiceView,
  host: string,
  other: ServiceView | undefined,
  networks: ReadonlyMap<string, readonly string[]>,
): Problem | undefined {
  const own = networks.get(service.name) ?? [];
  if (other === service || extraHosts(service).has(host) || own.length === 0) return undefined;
  if (host === OF_THE_HOST) {
    const reason = `has the address ${host}, which no container on Linux knows without extra_hosts`;
    return { reason, fix: 'set extra_hosts: { "host.docker.internal": "host-gateway" }' };
  }
  if (other === undefined) {
    if (host.includes(".") || host === "localhost") return undefined;
    return { reason: `has the address of ${host}, and no service is called that` };
  }
  if (!networks.get(other.name)?.some((network) => own.includes(network))) {
    return { reason: `has the address of ${other.name}, and shares no network with it` };
  }
  if (runsWithout(service, other)) return undefined;
  return {
    reason: `has the address of ${other.name}, which starts only with a profile, and does not depend on it`,
  };
}

/** Whether a service runs only together with another one, or says how it stands to it. */
function runsWithout(service: ServiceView, other: ServiceView): boolean {
  const profiles = namesIn(other.spec.profiles);
  const mine = namesIn(service.spec.profiles);
  const together = mine.length > 0 && mine.every((profile) => profiles.includes(profile));
  return profiles.length === 0 || together || dependenciesOf(service.spec).some(({ name }) => name === other.name);
}

function aliasesOf({ spec, text }: ServiceView): readonly string[] {
  const aliases = Object.values(mapOf(spec.networks)).flatMap((network) => listOf(mapOf(network).aliases).map(text));
  return [text(spec.hostname), text(spec.container_name), ...aliases].filter(Boolean);
}

/** Names that only this service knows. */
function extraHosts({ spec, text }: ServiceView): ReadonlySet<string> {
  const { extra_hosts: hosts } = spec;
  const names = isMap(hosts) ? Object.keys(hosts) : listOf(hosts).map((entry) => text(entry).split(/[:=]/)[0] ?? "");
  const links = [...listOf(spec.links), ...listOf(spec.external_links)];
  return new Set([...names, ...links.map((entry) => text(entry).split(":").at(-1) ?? "")]);
}

/** A host that is the name of a required variable: only the operator knows it. */
function isOfOperator(value: string, host: string): boolean {
  return value.includes(`\${${host}`);
}
