import { keyOrder } from "../../spec/place";
import { mergeService } from "../override/merge";
import type { Lookup } from "../template/interpolate";
import { isTrueWord } from "../tree/gotext";
import {
  asText,
  bool,
  entriesOf,
  formatValue,
  IMPLICIT,
  isNull,
  itemsOf,
  list,
  type MapNode,
  made,
  map,
  mapItems,
  mapValues,
  type Node,
  nothing,
  text,
  withEntries,
} from "../tree/node";
import { cleanPath } from "../types/volumes";
import type { Behaviour } from "../version";

/** Values for names that a service takes over from the environment. `keep` those that have none, or drop them. */
function fill(node: Node, lookup: Lookup, keep: boolean): Node {
  if (node.kind === "list") {
    const items = node.items.flatMap((item): Node[] => {
      const entry = asText(item);
      if (entry === undefined) return [];
      if (entry.includes("=")) return [item];
      const value = lookup(entry);
      if (value !== undefined) return [made(text(`${entry}=${value}`, item.origin), "value from the environment")];
      return keep ? [item] : [];
    });
    return list(items, node.origin);
  }
  if (node.kind !== "map") return node;
  const entries = new Map<string, Node>();
  for (const [key, value] of node.entries) {
    const found = isNull(value) ? lookup(key) : undefined;
    if (found !== undefined) entries.set(key, made(text(found, value.origin), "value from the environment"));
    else if (!isNull(value) || keep) entries.set(key, value);
  }
  return map(entries, node.origin);
}

function build(node: Node, lookup: Lookup): Node {
  if (node.kind !== "map") return node;
  const changes: [string, Node][] = [];
  const absent = (key: string) => {
    const value = node.entries.get(key);
    return value === undefined || isNull(value);
  };
  const standard = (value: string) => made(text(value, node.origin), "default");
  if (absent("context")) changes.push(["context", standard(".")]);
  if (absent("dockerfile") && absent("dockerfile_inline")) changes.push(["dockerfile", standard("Dockerfile")]);
  const args = node.entries.get("args");
  if (args !== undefined) changes.push(["args", fill(args, lookup, false)]);
  return changes.length === 0 ? node : withEntries(node, changes);
}

const NAMESPACES = ["network_mode", "ipc", "pid", "uts", "cgroup"];

/** The services that a service needs without saying so in `depends_on`, and whether it restarts with them. */
function* implicitDependencies(service: MapNode): Generator<readonly [name: string, restart: boolean, from: Node]> {
  for (const link of itemsOf(service.entries.get("links"))) {
    const written = asText(link) ?? "";
    const parts = written.split(":");
    yield [parts.length === 2 ? (parts[0] ?? "") : written, true, link];
  }
  for (const key of NAMESPACES) {
    const value = service.entries.get(key);
    const shared = asText(value);
    if (value !== undefined && shared?.startsWith("service:") === true)
      yield [shared.slice("service:".length), true, value];
  }
  for (const from of itemsOf(service.entries.get("volumes_from"))) {
    const written = asText(from) ?? "";
    if (!written.startsWith("container:")) yield [written.split(":")[0] ?? "", false, from];
  }
}

function dependencies(service: MapNode): Node | undefined {
  const given = service.entries.get("depends_on");
  const all = new Map(entriesOf(given));
  for (const [name, restart, { origin }] of implicitDependencies(service)) {
    if (all.has(name)) continue;
    const implied = map(
      [
        ["condition", text("service_started", origin)],
        ["restart", bool(restart, origin)],
        ["required", bool(true, origin)],
      ],
      origin,
    );
    all.set(name, made(implied, "implicit dependency"));
  }
  return all.size === 0 ? undefined : map(all, given?.origin ?? service.origin);
}

function mounts(node: Node): Node {
  if (node.kind !== "list") return node;
  const items = node.items.map((item) => {
    const target = item.kind === "map" ? asText(item.entries.get("target")) : undefined;
    if (item.kind !== "map" || target === undefined) return item;
    const clean = cleanPath(target);
    return clean === target ? item : withEntries(item, [["target", text(clean, item.origin)]]);
  });
  return list(items, node.origin);
}

/** Steps before the start run in the image of the service unless they name one. */
function steps(node: Node, image: Node): Node {
  if (node.kind !== "list") return node;
  const inherited = made(image, "image of the service");
  return mapItems(node, (step) =>
    step.kind === "map" && !step.entries.has("image") ? withEntries(step, [["image", inherited]]) : step,
  );
}

/** What a container of any kind has but its volumes: what a step takes over from its service. */
const INHERITED: ReadonlySet<string> = new Set(
  keyOrder(["services", "", "pre_start", 0])?.filter((key) => key !== "volumes" && key !== "per_replica"),
);

/** Steps have what their service has, under what they say themselves. */
function inheritingSteps(node: Node, service: MapNode, behaviour: Behaviour): Node {
  const base = map(
    [...service.entries]
      .filter(([key]) => INHERITED.has(key))
      .map(([key, value]) => [key, made(value, "of the service")]),
    service.origin,
  );
  return node.kind !== "list"
    ? node
    : mapItems(node, (step) => (step.kind === "map" ? mergeService(base, step, "hook", behaviour) : step));
}

function service(node: MapNode, lookup: Lookup, behaviour: Behaviour): MapNode {
  const { does } = behaviour;
  const changes: [string, Node][] = [];
  const change = (key: string, by: (value: Node) => Node) => {
    const value = node.entries.get(key);
    if (value !== undefined) changes.push([key, by(value)]);
  };
  const pull = node.entries.get("pull_policy");
  if (pull !== undefined && asText(pull) === "if_not_present")
    changes.push(["pull_policy", text("missing", pull.origin)]);
  change("build", (value) => build(value, lookup));
  change("environment", (value) => fill(value, lookup, true));
  change("volumes", mounts);
  const image = node.entries.get("image");
  if (!does("sharesContainerKeys") && does("inheritsStepImage") && image !== undefined)
    change("pre_start", (value) => steps(value, image));
  const needed = dependencies(node);
  if (needed !== undefined) changes.push(["depends_on", needed]);
  const normalized = changes.length === 0 ? node : withEntries(node, changes);
  const own = node.entries.get("pre_start");
  if (own === undefined || !does("sharesContainerKeys")) return normalized;
  return withEntries(normalized, [["pre_start", inheritingSteps(own, normalized, behaviour)]]);
}

/** The sections of what has a container. */
const CONTAINERS = ["services", "jobs"];

/** Connects services and jobs without networks to the network `default`, and declares it when it is used. */
function networks(root: MapNode): MapNode {
  let used = false;
  const join = (section: Node): Node =>
    section.kind !== "map"
      ? section
      : mapValues(section, (node) => {
          if (node.kind !== "map" || node.entries.has("provider") || node.entries.has("network_mode")) return node;
          const own = node.entries.get("networks");
          if (own?.kind === "map" && own.entries.size > 0) {
            used ||= own.entries.has("default");
            return node;
          }
          used = true;
          const implicit = made(map([["default", nothing(node.origin)]], node.origin), "implicit default network");
          return withEntries(node, [["networks", implicit]]);
        });
  const changes: [string, Node][] = CONTAINERS.flatMap((key) => {
    const section = root.entries.get(key);
    return section === undefined ? [] : [[key, join(section)] as [string, Node]];
  });
  const declared = root.entries.get("networks");
  const all = new Map(entriesOf(declared));
  if (used && !all.has("default")) all.set("default", made(nothing(IMPLICIT), "implicit default network"));
  if (all.size > 0) changes.push(["networks", map(all, declared?.origin ?? IMPLICIT)]);
  return withEntries(root, changes);
}

const NAMED = ["networks", "volumes", "configs", "secrets"];

/** A resource without a name is called after its key, in the project's own name space unless it is external. */
function named(root: MapNode, project: string): MapNode {
  const changes: [string, Node][] = [];
  for (const section of NAMED) {
    const resources = root.entries.get(section);
    if (resources?.kind !== "map") continue;
    const changed = mapValues(resources, (node, key) => {
      const resource = node.kind === "map" ? node : map([], node.origin);
      const name = resource.entries.get("name");
      if (name !== undefined && !isNull(name)) return resource;
      const external = resource.entries.get("external");
      const own = external !== undefined && isTrueWord(formatValue(external)) ? key : `${project}_${key}`;
      return withEntries(resource, [["name", made(text(own, resource.origin), "name from the key")]]);
    });
    changes.push([section, changed]);
  }
  return withEntries(root, changes);
}

/** Writes out what Compose implies: default network, names, implicit dependencies, values from the environment. */
export function normalize(root: MapNode, project: string, lookup: Lookup, behaviour: Behaviour): MapNode {
  const connected = networks(withEntries(root, [["name", text(project, IMPLICIT)]]));
  const changes = CONTAINERS.flatMap((key): [string, Node][] => {
    const section = connected.entries.get(key);
    if (section?.kind !== "map") return [];
    return [[key, mapValues(section, (node) => (node.kind === "map" ? service(node, lookup, behaviour) : node))]];
  });
  return named(withEntries(connected, changes), project);
}
