import { namesIn } from "../construct/checks/model";
import { memoize } from "../construct/memoize";
import type { Deployment } from "../construct/synth/deployment";
import { type ServiceView, servicesOf } from "./service-view";

const SHARED = "service:";

/**
 * The networks in which each service can be reached: its own, those of the service whose network it shares, or the
 * project's default one. None for a service with another `network_mode`: in the engine's bridge, names lead nowhere.
 */
export const networksOf: (deployment: Deployment) => ReadonlyMap<string, readonly string[]> = memoize((deployment) => {
  const services = new Map(servicesOf(deployment).map((service) => [service.name, service]));
  const known = new Map<string, readonly string[]>();
  for (const start of services.values()) {
    const way = new Set<string>();
    let service: ServiceView | undefined = start;
    let found: readonly string[] | undefined;
    while (found === undefined) {
      const name: string = service.name;
      const mode: string = service.text(service.spec.network_mode);
      way.add(name);
      const next: ServiceView | undefined = mode.startsWith(SHARED)
        ? services.get(mode.slice(SHARED.length))
        : undefined;
      if (next === undefined) found = ownNetworks(service, mode);
      else if (way.has(next.name)) found = [];
      else {
        found = known.get(next.name);
        service = next;
      }
    }
    for (const name of way) known.set(name, found);
  }
  return known;
});

function ownNetworks({ spec }: ServiceView, mode: string): readonly string[] {
  if (mode !== "") return [];
  const joined = namesIn(spec.networks);
  return joined.length > 0 ? joined : ["default"];
}
