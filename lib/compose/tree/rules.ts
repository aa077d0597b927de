import { keyOrder } from "../../spec/place";
import { asMap, type MapNode, mapItems, mapValues, type Node } from "./node";

/** A place in the tree, innermost last. List levels are `[]` or `[3]`, as the stage's messages have them. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: string;
}

export function below(parent: Path | undefined, key: string): Path {
  return { parent, key };
}

/** The keys of a path, outermost first. */
export function keysOf(path: Path | undefined): string[] {
  const keys: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.push(at.key);
  return keys.reverse();
}

/** `services.web.ports.[]`. */
export function pathText(path: Path | undefined): string {
  return keysOf(path).join(".");
}

/** Rules by place, as a tree: one step of a walk is one step here, and where no rule lies below the walk stops. */
export interface Rules<T> {
  rule?: T;
  readonly keys: Map<string, Rules<T>>;
  any?: Rules<T>;
}

/** Builds the tree from a table `services.*.ports` → rule; `*` is any one key or list level. */
export function rulesOf<T>(table: Readonly<Record<string, T>>): Rules<T> {
  const root: Rules<T> = { keys: new Map() };
  for (const [pattern, rule] of Object.entries(table)) {
    let at = root;
    for (const key of pattern.split(".")) {
      let next = key === "*" ? at.any : at.keys.get(key);
      if (next === undefined) {
        next = { keys: new Map() };
        if (key === "*") at.any = next;
        else at.keys.set(key, next);
      }
      at = next;
    }
    at.rule = rule;
  }
  return root;
}

/** What a container of any kind has: keys of a service that a step of its `pre_start` has, too. */
const CONTAINER_KEYS: ReadonlySet<string> = new Set(keyOrder(["services", "", "pre_start", 0]));

/** A table for services with the same rows for jobs. */
export function andJobs<T>(table: Readonly<Record<string, T>>): Record<string, T> {
  const rows = Object.entries(table).filter(([place]) => place.startsWith("services."));
  return { ...table, ...Object.fromEntries(rows.map(([place, rule]) => [place.replace("services", "jobs"), rule])) };
}

/** A table for services with the same rows for jobs and, as far as they have a container's keys, for `pre_start` steps. */
export function andContainers<T>(table: Readonly<Record<string, T>>): Record<string, T> {
  const rows = Object.entries(table).filter(([place]) => {
    const [section, , key = ""] = place.split(".");
    return section === "services" && CONTAINER_KEYS.has(key);
  });
  const inStep = (place: string) => place.replace("services.*", "services.*.pre_start.[]");
  return { ...andJobs(table), ...Object.fromEntries(rows.map(([place, rule]) => [inStep(place), rule])) };
}

export function step<T>(rules: Rules<T> | undefined, key: string): Rules<T> | undefined {
  return rules?.keys.get(key) ?? rules?.any;
}

/** Changes one value; it goes into its children itself, with `rewriteChildren`, when rules below shall apply too. */
export type Rewrite<C> = (node: Node, path: Path, context: C, rules: Rules<Rewrite<C>>) => Node;

/** Applies the rules of a table to a tree, from the root down. */
function rewrite<C>(node: Node, rules: Rules<Rewrite<C>>, path: Path | undefined, context: C, settled?: MapNode): Node {
  if (rules.rule !== undefined && path !== undefined) return rules.rule(node, path, context, rules);
  return rewriteChildren(node, rules, path, context, settled);
}

export function rewriteChildren<C>(
  node: Node,
  rules: Rules<Rewrite<C>>,
  path: Path | undefined,
  context: C,
  settled?: MapNode,
): Node {
  if (node.kind === "map") return rewriteEntries(node, rules, path, context, settled);
  if (node.kind === "list") {
    const next = step(rules, "[]");
    return next === undefined ? node : mapItems(node, (item) => rewrite(item, next, below(path, "[]"), context));
  }
  return node;
}

/** @param settled a mapping to which the rules were applied before: what is in it as it was needs nothing more */
export function rewriteEntries<C>(
  node: MapNode,
  rules: Rules<Rewrite<C>>,
  path: Path | undefined,
  context: C,
  settled?: MapNode,
): MapNode {
  return mapValues(node, (value, key) => {
    const next = step(rules, key);
    const before = settled?.entries.get(key);
    if (next === undefined || value === before) return value;
    return rewrite(value, next, below(path, key), context, asMap(before));
  });
}

/** Calls `check` for each value that a rule of the table stands for; it does not look below such a value. */
export function visit<T>(
  node: Node,
  rules: Rules<T>,
  path: Path | undefined,
  check: (node: Node, path: Path, rule: T) => void,
): void {
  if (rules.rule !== undefined && path !== undefined) {
    check(node, path, rules.rule);
    return;
  }
  if (node.kind === "map") {
    const keys = [...node.entries.keys()].filter((key) => step(rules, key) !== undefined);
    for (const key of keys.sort()) {
      const next = step(rules, key);
      const value = node.entries.get(key);
      if (next !== undefined && value !== undefined) visit(value, next, below(path, key), check);
    }
  } else if (node.kind === "list") {
    const next = step(rules, "[]");
    if (next === undefined) return;
    for (const item of node.items) visit(item, next, below(path, "[]"), check);
  }
}

/** Keys in order, so that of several mistakes always the same one is reported. */
export function sortedKeys(node: MapNode): string[] {
  return [...node.entries.keys()].sort();
}
