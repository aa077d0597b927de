import { compareVersions, type Version } from "../../lib/compose";
import { CONTAINER_KEYS, WORKLOAD_KEYS } from "../../schema/amendments/containers";
import { type Make, RARE, SERVICE, Tagged, type Value, type ValueMap } from "./grammar";
import type { Random } from "./random";

const MASKS: readonly Value[] = ["0027", "022", 23, "0o22", "0_27", "${N}"];
const SCHEDULES: readonly Value[] = ["0 3 * * *", "@daily", "${A}", { cron: "1 * * * *", timezone: "UTC" }, { cron: "* * * * *", concurrency: "forbid", missed_fires: "one" }];
const TRIGGERS: readonly Value[] = [{ manual: true }, { manual: "${T}" }, { schedule: SCHEDULES.slice(0, 2) }, { schedule: [SCHEDULES[3] ?? ""], manual: false }];

/** Some keys of a container, each as it is made for a service. */
function container(random: Random, keys: readonly string[], most: number): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (let left = random.below(most + 1); left > 0; left--) {
    const key = random.pick(keys);
    const make: Make | undefined = SERVICE[key];
    if (make !== undefined && !RARE.has(key)) out[key] = make(random);
  }
  return out;
}

function steps(random: Random): Value {
  return random.list(2, () => ({
    ...container(random, CONTAINER_KEYS, 4),
    ...(random.chance(0.8) ? { command: "init" } : {}),
    ...(random.chance(0.3) ? { per_replica: random.chance(0.5) } : {}),
    ...(random.chance(0.2) ? { umask: random.pick(MASKS) } : {}),
  }));
}

function jobs(random: Random, base: boolean): ValueMap {
  const names = base ? ["nightly", "import"] : random.some(["nightly", "import"]);
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        ...container(random, [...CONTAINER_KEYS, ...WORKLOAD_KEYS], 5),
        ...(base ? { image: "job" } : {}),
        triggers: random.pick(TRIGGERS),
        ...(random.chance(0.1) ? { extends: "import" } : {}),
        ...(random.chance(0.2) ? { umask: random.pick(MASKS) } : {}),
      },
    ]),
  );
}

function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tagged) && !("text" in value);
}

/** A network with its own name for the service, or without, now and then. */
function withAlias(networks: Value | undefined, random: Random): Value | undefined {
  if (!isMap(networks)) return undefined;
  const value = random.pick<Value>([true, false, "${T}", "yes"]);
  return Object.fromEntries(
    Object.entries(networks).map(([name, network]) => [
      name,
      isMap(network) || network === null ? { ...network, use_service_name_alias: value } : network,
    ]),
  );
}

function newerService(service: ValueMap, random: Random, has: (version: Version) => boolean): ValueMap {
  const aliased = has("5.7.0") && random.chance(0.3) ? withAlias(service.networks, random) : undefined;
  const build = isMap(service.build) && random.chance(0.4) ? { ...service.build, no_cache_filter: random.pick<Value>(["a", ["a", "b"], ["b"]]) } : undefined;
  return {
    ...service,
    ...(build === undefined ? {} : { build }),
    ...(aliased === undefined ? {} : { networks: aliased }),
    ...(has("5.7.0") && random.chance(0.2) ? { umask: random.pick(MASKS) } : {}),
    ...(has("5.6.0") && random.chance(0.25) ? { pre_start: steps(random) } : {}),
  };
}

/** The document with keys that only newer versions have, as far as this version has them. */
export function withNewerKeys(document: ValueMap, random: Random, version: Version, base: boolean): ValueMap {
  const has = (first: Version) => compareVersions(version, first) >= 0;
  if (!has("5.0.0") || !isMap(document.services)) return document;
  const services = Object.fromEntries(
    Object.entries(document.services).map(([name, service]) => [name, isMap(service) ? newerService(service, random, has) : service]),
  );
  return { ...document, services, ...(has("5.6.0") && random.chance(0.5) ? { jobs: jobs(random, base) } : {}) };
}
