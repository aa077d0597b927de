import { groupBy } from "../../spec/group";
import type { ProjectModel } from "../engine/model";
import { startOrder } from "../engine/start-order";

/** Services that have to be stopped together, because they share data. */
export interface ServiceGroup {
  /** Each after those that it waits for. */
  readonly services: readonly string[];
  /** Keys of the volumes with their data. */
  readonly volumes: readonly string[];
}

/**
 * The services in groups that share no data, in the order in which they start. While one group is moved to other data, the
 * others answer.
 *
 * @param dataVolumes keys of the volumes with data
 */
export function serviceGroups(model: ProjectModel, dataVolumes: readonly string[]): readonly ServiceGroup[] {
  const isData = new Set(dataVolumes);
  const order = startOrder(model);
  const leader = new Map(order.map((service) => [service, service]));
  const find = (service: string): string => {
    let at = service;
    for (let up = leader.get(at); up !== undefined && up !== at; up = leader.get(at)) at = up;
    return at;
  };
  const firstUser = new Map<string, string>();
  for (const service of order) {
    for (const volume of volumesOf(model, service).filter((key) => isData.has(key))) {
      const first = firstUser.get(volume);
      if (first === undefined) firstUser.set(volume, service);
      else leader.set(find(service), find(first));
    }
  }
  const groups = groupBy(order, find);
  // A group can only be begun when what its last service waits for is there.
  const position = (services: readonly string[]) => Math.max(...services.map((service) => order.indexOf(service)));
  return [...groups.values()]
    .sort((one, other) => position(one) - position(other))
    .map((services) => {
      const volumes = services.flatMap((service) => volumesOf(model, service)).filter((key) => isData.has(key));
      return { services, volumes: [...new Set(volumes)] };
    });
}

/**
 * Seconds for which people wait at most for a service to start anew: those of a group one after the other. What shares data
 * starts in the order of `depends_on` also where the data are there already, since a new release may change a database at its
 * start, and who reads it meanwhile reads half of it. Whether it does is known after the rehearsal, and not here.
 *
 * @param seconds service → how long it took the last time that it was measured
 * @returns `undefined` when nothing was measured
 */
export function longestStart(
  groups: readonly ServiceGroup[],
  seconds: Readonly<Record<string, number>>,
): number | undefined {
  if (Object.keys(seconds).length === 0) return undefined;
  const together = groups.map(({ services }) => services.reduce((sum, service) => sum + (seconds[service] ?? 0), 0));
  return Math.max(0, ...together);
}

/** Keys of the volumes that a service mounts. */
export function volumesOf({ services }: ProjectModel, service: string): readonly string[] {
  const mounts = services[service]?.volumes ?? [];
  return mounts.flatMap(({ type, source }) => (type === "volume" && source !== undefined ? [source] : []));
}
