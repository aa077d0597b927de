import { ComposeError } from "../error";
import {
  asText,
  copyOf,
  formatValue,
  isNull,
  itemsOf,
  list,
  type MapNode,
  map,
  type Node,
  nothing,
  replacing,
  sameValue,
  typeName,
} from "../tree/node";
import { andJobs, below, type Path, pathText, type Rules, rulesOf, step } from "../tree/rules";
import { type Behaviour, behaviourOf, STANDARD } from "../version";
import { named, startedDependency, toBuild, toMap, toSequence } from "./forms";
import { mergePools } from "./pools";
import { uniqueByKey } from "./unicity";

/** Where two values are merged, and by which rules. */
interface Place {
  readonly path: Path | undefined;
  /** Those of the place and of what lies below it. */
  readonly rules: Rules<Merge> | undefined;
  readonly behaviour: Behaviour;
}

/** How two values of one place become one. */
type Merge = (base: Node, over: Node, place: Place) => Node;

/** The merge table of the Compose Specification: place → rule. Everywhere else, `generic` holds. */
const TABLE: Readonly<Record<string, Merge>> = {
  "networks.*.ipam.config": pools,
  "networks.*.labels": keyValues,
  "volumes.*.labels": keyValues,
  "services.*.annotations": keyValues,
  "services.*.build": build,
  "services.*.build.args": keyValues,
  "services.*.build.additional_contexts": keyValues,
  "services.*.build.extra_hosts": hosts,
  "services.*.build.labels": keyValues,
  "services.*.command": replace,
  "services.*.depends_on": dependencies,
  "services.*.deploy.labels": keyValues,
  "services.*.dns": sequence,
  "services.*.dns_opt": sequence,
  "services.*.dns_search": sequence,
  "services.*.entrypoint": replace,
  "services.*.env_file": sequence,
  "services.*.label_file": sequence,
  "services.*.environment": keyValues,
  "services.*.extra_hosts": hosts,
  "services.*.healthcheck.test": replace,
  "services.*.labels": keyValues,
  "services.*.volumes.*.volume.labels": keyValues,
  "services.*.logging": logging,
  "services.*.models": names,
  "services.*.networks": names,
  "services.*.sysctls": keyValues,
  "services.*.tmpfs": sequence,
  "services.*.ulimits.*": limits,
};

/** The table's places, also for those who want to know whether they have met all of them. */
export const MERGE_RULES = rulesOf(TABLE);

/** The table of versions that merge all labels. */
const MORE_MERGES = rulesOf<Merge>(andJobs({ ...TABLE, "secrets.*.labels": keyValues, "configs.*.labels": keyValues }));

function tableOf({ does }: Behaviour): Rules<Merge> {
  return does("mergesAllLabels") ? MORE_MERGES : MERGE_RULES;
}

/** Merges a document over what the files before it gave. */
export function mergeDocuments(base: MapNode, over: MapNode, behaviour = behaviourOf(STANDARD)): MapNode {
  return entries(base, over, { path: undefined, rules: tableOf(behaviour), behaviour });
}

/** Merges a service over the one that it extends. */
export function mergeService(base: MapNode, over: MapNode, name: string, behaviour: Behaviour): MapNode {
  const rules = step(step(tableOf(behaviour), "services"), name);
  const path = { key: "x", parent: { key: "services", parent: undefined } };
  return entries(base, over, { path, rules, behaviour });
}

const merge: Merge = (base, over, place) => (place.rules?.rule ?? generic)(base, over, place);

function entries(base: MapNode, over: MapNode, { path, rules, behaviour }: Place): MapNode {
  if (base.entries.size === 0) return over;
  if (over.entries.size === 0) return base;
  const merged = copyOf(base.entries);
  for (const [key, value] of over.entries) {
    const before = base.entries.get(key);
    merged.set(
      key,
      before === undefined
        ? value
        : behaviour.attempt(
            () => merge(before, value, { path: below(path, key), rules: step(rules, key), behaviour }),
            before,
          ),
    );
  }
  return map(merged, base.origin);
}

function cannotOverride(path: Path | undefined, over: Node): ComposeError {
  return new ComposeError("merge", `cannot override ${pathText(path)}`, over.origin);
}

function generic(base: Node, over: Node, place: Place): Node {
  const { path, behaviour } = place;
  if (isNull(over)) return base;
  if (base.kind === "map") {
    if (over.kind !== "map") throw cannotOverride(path, over);
    return entries(base, over, place);
  }
  if (base.kind === "list") {
    if (over.kind !== "list") throw cannotOverride(path, over);
    return list(appended(base.items, over.items, behaviour), base.origin);
  }
  return replacing(over, base.origin);
}

function replace(base: Node, over: Node): Node {
  return replacing(over, base.origin);
}

function sequence(base: Node, over: Node, { behaviour }: Place): Node {
  return list(appended(toSequence(base), toSequence(over), behaviour), base.origin);
}

/** A sequence of `KEY=value`: from Compose 5.6 on each key once, where it stands first, with its last value. */
function keyValues(base: Node, over: Node, place: Place): Node {
  const { path, behaviour } = place;
  if (!behaviour.does("mergesByKey")) return sequence(base, over, place);
  return list(uniqueByKey([...toSequence(base), ...toSequence(over)], path), base.origin);
}

/** Limits of one name: from Compose 5.5.1 on a soft and a hard one go together, otherwise the later stands alone. */
function limits(base: Node, over: Node, place: Place): Node {
  const { behaviour } = place;
  const mappings = base.kind === "map" && over.kind === "map" && behaviour.does("mergesLimits");
  return mappings ? entries(base, over, place) : replace(base, over);
}

/** One list behind the other; in newer versions without what the first has word for word. */
function appended(base: readonly Node[], over: readonly Node[], { does }: Behaviour): readonly Node[] {
  if (!does("appendsOnlyNew")) return [...base, ...over];
  const all = [...base];
  const texts = new Set(base.flatMap((item) => asText(item) ?? []));
  for (const item of over) {
    const text = asText(item);
    if (text === undefined ? all.some((other) => sameValue(other, item)) : texts.has(text)) continue;
    if (text !== undefined) texts.add(text);
    all.push(item);
  }
  return all;
}

/** Concatenation without the entries that the base has word for word. */
function hosts(base: Node, over: Node, place: Place): Node {
  const { behaviour } = place;
  if (behaviour.does("appendsOnlyNew")) {
    const merged = sequence(base, over, place);
    // The sequence of an empty mapping is no list.
    return base.kind === "map" && itemsOf(merged).length === 0 ? nothing(over.origin) : merged;
  }
  const first = toSequence(base);
  const known = new Set(first.map((item) => `${typeName(item)} ${formatValue(item)}`));
  const added = toSequence(over).filter((item) => !known.has(`${typeName(item)} ${formatValue(item)}`));
  return list([...first, ...added], base.origin);
}

function build(base: Node, over: Node, place: Place): Node {
  return entries(toBuild(base), toBuild(over), place);
}

function dependencies(base: Node, over: Node, place: Place): Node {
  const { path, behaviour } = place;
  const long = (node: Node) => named(node, path, behaviour, (name) => startedDependency(name.origin));
  return entries(long(base), long(over), place);
}

function names(base: Node, over: Node, place: Place): Node {
  const { path, behaviour } = place;
  const long = (node: Node) => named(node, path, behaviour);
  return entries(long(base), long(over), place);
}

/** Options of different drivers do not mix: the later driver's stand alone. */
function logging(base: Node, over: Node, place: Place): Node {
  const { path, behaviour } = place;
  if (behaviour.does("appendsOnlyNew")) {
    const wrong = [base, over].find(({ kind }) => kind !== "map");
    if (wrong !== undefined) {
      const message = `${pathText(path)}: cannot merge logging: expected a mapping, got ${typeName(wrong)}`;
      throw new ComposeError("merge", message, over.origin);
    }
  }
  if (isNull(over)) return base;
  if (base.kind !== "map" || over.kind !== "map") throw cannotOverride(path, over);
  const before = base.entries.get("driver");
  const after = over.entries.get("driver");
  if (before === undefined || after === undefined || sameValue(before, after)) return entries(base, over, place);
  return replacing(over, base.origin);
}

/** The reference compares each pool with each; more than 100 over 100 are nobody's networks. */
const MOST_POOLS = 10_000;

function pools(base: Node, over: Node, place: Place): Node {
  const { path, behaviour } = place;
  if (base.kind !== "list" || over.kind !== "list") {
    throw new ComposeError(
      "merge",
      `${pathText(path)}: unexpected type ${typeName(behaviour.does("appendsOnlyNew") && base.kind === "list" ? over : base)}`,
      over.origin,
    );
  }
  if (base.items.length * over.items.length > MOST_POOLS) {
    const message = `${pathText(path)}: there are more than ${MOST_POOLS} pairs of pools to merge`;
    throw new ComposeError("limit", message, over.origin);
  }
  const merged = mergePools(base.items, over.items, {
    path,
    asMapping: (pool) => toMap(pool, path, behaviour),
    merge: (before, value, at) =>
      behaviour.attempt(() => generic(before, value, { path: at, rules: undefined, behaviour }), before),
  });
  if (merged.length === 0 && behaviour.does("refusesEmptyPools")) return nothing(over.origin);
  return list(merged, over.origin);
}
