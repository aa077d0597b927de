import { addTo } from "../../spec/group";
import { ComposeError } from "../error";
import { asText, entriesOf, get, isTrue, itemsOf, type MapNode, map, type Node, withEntries } from "../tree/node";
import type { Services } from "../validation/service-checks";
import { keysAt, namedVolumes, sourcesAt, type Uses } from "../validation/uses";

export function profilesOf(service: MapNode): string[] {
  return itemsOf(service.entries.get("profiles")).map((item) => asText(item) ?? "");
}

/** The profiles that a value of `COMPOSE_PROFILES` names. */
export function namedProfiles(value: string | undefined): ReadonlySet<string> {
  return new Set((value ?? "").split(",").map((name) => name.trim()));
}

/** Whether a service runs while profiles are active: one without profiles always does, and `*` is all of them. */
export function isEnabled(profiles: readonly string[], active: ReadonlySet<string>): boolean {
  return profiles.length === 0 || active.has("*") || profiles.some((profile) => active.has(profile));
}

/** What services have, in the order in which it was added. */
export class Company<T> {
  private readonly all: T[] = [];
  private readonly always: T[] = [];
  private readonly byProfile = new Map<string, T[]>();

  /** @param profiles of the service; one without profiles always runs */
  add(profiles: readonly string[], member: T): void {
    this.all.push(member);
    if (profiles.length === 0) this.always.push(member);
    for (const profile of new Set(profiles)) addTo(this.byProfile, profile, member);
  }

  /**
   * All members, in several lists, whose service can run together with one of these profiles although nobody asks for both
   * by name: one of the two always runs, or one profile starts both.
   */
  with(profiles: readonly string[]): readonly (readonly T[])[] {
    if (profiles.length === 0) return [this.all];
    return [this.always, ...profiles.map((profile) => this.byProfile.get(profile) ?? [])];
  }
}

/** Parts the services by profile: one without profiles is always enabled. */
export function byProfile(all: Iterable<readonly [string, MapNode]>, active: Iterable<string>): Services {
  const enabled = new Map<string, MapNode>();
  const disabled = new Map<string, MapNode>();
  const wanted = new Set(active);
  for (const [name, service] of all) {
    (isEnabled(profilesOf(service), wanted) ? enabled : disabled).set(name, service);
  }
  return { enabled, disabled };
}

/**
 * A pattern of a service name: `*`, `?`, `[a-z]`. The text behind a star is searched for once only, in a lookahead:
 * otherwise several stars could try ever new places for longer than anybody waits.
 */
function patternOf(pattern: string): RegExp {
  const [first = "", ...others] = pattern.split("*").map((part) => {
    return part.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("?", "[^/]");
  });
  const last = others.pop();
  const middle = others.map((part, index) => `(?=([^/]*?${part}))\\${index + 1}`).join("");
  try {
    return new RegExp(`^${first}${middle}${last === undefined ? "" : `[^/]*${last}`}$`);
  } catch {
    return /(?!)/;
  }
}

function matching(names: readonly string[], { enabled }: Services): { found: string[]; missing: string[] } {
  const found: string[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const pattern = /[*?[\\]/.test(name) ? patternOf(name) : undefined;
    const matches =
      pattern !== undefined ? [...enabled.keys()].filter((key) => pattern.test(key)) : enabled.has(name) ? [name] : [];
    if (matches.length === 0) missing.push(name);
    found.push(...matches);
  }
  return { found, missing };
}

/** Adds the profiles of services that are asked for by name. */
export function enableByName(names: readonly string[], services: Services, active: Iterable<string>): Services {
  const profiles = names.flatMap((name) => {
    const service = services.enabled.has(name) ? undefined : services.disabled.get(name);
    return service === undefined ? [] : profilesOf(service);
  });
  return byProfile([...services.enabled, ...services.disabled], [...active, ...profiles]);
}

/** Keeps some services and what they depend on. @throws ComposeError `no such service: x`. */
export function select(names: readonly string[], services: Services): Services {
  if (names.length === 0) return services;
  const kept = new Set<string>();
  const first = matching(names, services);
  const missing = (name: string | undefined) => {
    if (name !== undefined) throw new ComposeError("select", `no such service: ${name}`);
  };
  missing(first.missing[0]);
  const queue = [...first.found];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (kept.has(name)) continue;
    kept.add(name);
    const needed = services.enabled.get(name)?.entries.get("depends_on");
    const others = [...entriesOf(needed)].map(([other]) => other);
    const { found, missing: absent } = matching(others, services);
    missing(
      absent.find((other) => {
        return isTrue(get(needed, other, "required"));
      }),
    );
    queue.push(...found);
  }
  const enabled = new Map<string, MapNode>();
  const disabled = new Map(services.disabled);
  for (const [name, service] of services.enabled) {
    if (kept.has(name)) enabled.set(name, onlyKept(service, kept));
    else disabled.set(name, service);
  }
  return { enabled, disabled };
}

function onlyKept(service: MapNode, kept: ReadonlySet<string>): MapNode {
  const needed = service.entries.get("depends_on");
  if (needed?.kind !== "map") return service;
  const entries = [...needed.entries].filter(([name]) => kept.has(name));
  if (entries.length === needed.entries.size) return service;
  return withEntries(service, [["depends_on", entries.length === 0 ? undefined : map(entries, needed.origin)]]);
}

/** Which resources a service uses: section → names. */
const USES: Readonly<Record<string, Uses>> = {
  networks: keysAt("networks"),
  volumes: namedVolumes,
  secrets: (service) => [...sourcesAt("secrets")(service), ...sourcesAt("build", "secrets")(service)],
  configs: sourcesAt("configs"),
  models: keysAt("models"),
};

/** The resources of a section that some enabled service uses. */
export function usedResources(section: string, resources: MapNode, { enabled }: Services): MapNode {
  const uses = USES[section];
  if (uses === undefined) return resources;
  const used = new Set<string>();
  for (const service of enabled.values()) for (const name of uses(service)) used.add(name);
  const kept: [string, Node][] = [...resources.entries].filter(([name]) => used.has(name));
  return kept.length === resources.entries.size ? resources : map(kept, resources.origin);
}
