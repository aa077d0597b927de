import type { Scalar } from "../../spec/value";
import type { Resolution } from "../resolve";
import { references } from "../template/interpolate";
import { EXTENSIONS } from "../transform/extensions";
import { childOf, type Node, type Origin, type ScalarNode } from "../tree/node";
import { keysOf, sortedKeys } from "../tree/rules";

/** A place in a file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A variable that took part in a value. */
export interface UsedVariable {
  readonly name: string;
  /** `the environment`, an env file with its line, or `not set`. Never the value: it may be a secret. */
  readonly from: string;
}

/** Why a value is what it is. */
export interface Explanation {
  /** As `services.web.ports[0].target`. */
  readonly path: string;
  readonly value: Scalar | "{}" | "[]";
  /** Absent for a value that no file wrote. */
  readonly place?: Place;
  /** The keys that lead to the value in the file of its place: of an inherited one, those of the base. */
  readonly keys?: readonly string[];
  /** The text with its variables, when the value had some. */
  readonly template?: string;
  readonly variables: readonly UsedVariable[];
  /** What Compose did to get the value: a default, a short form, an implicit dependency … */
  readonly rule?: string;
  /** Where the values stand that this one took the place of, the latest first. */
  readonly replaced: readonly Place[];
}

const STEP = /(?:^|\.)([A-Za-z0-9_-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** `a.b[0]["c.d"]` as keys. A path that is no path is one key. */
export function parsePath(path: string): readonly string[] {
  const keys: string[] = [];
  let at = 0;
  while (at < path.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) return [path];
    const [, name, index, quoted] = match;
    const parsed: unknown = quoted === undefined ? (name ?? index) : JSON.parse(quoted);
    keys.push(String(parsed));
    at = STEP.lastIndex;
  }
  return keys;
}

/** The path of a key of a mapping. */
export function pathBelow(parent: string, key: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/** Explains every value at or below a path; nothing when there is none. */
export function explain(path: string, resolution: Resolution): readonly Explanation[] {
  let node: Node | undefined = resolution.root;
  let at = "";
  for (const key of parsePath(path)) {
    if (node === undefined) return [];
    at = node.kind === "list" ? `${at}[${key}]` : pathBelow(at, key);
    node = childOf(node, key);
  }
  if (node === undefined) return [];
  const found: Explanation[] = [];
  collect(node, at, resolution, undefined, found);
  return found;
}

function collect(
  node: Node,
  path: string,
  resolution: Resolution,
  rule: string | undefined,
  found: Explanation[],
): void {
  const made = node.origin.rule ?? rule;
  if (node.kind === "scalar") found.push(explanation(node, node.value, path, resolution, made));
  else if (node.kind === "list") {
    if (node.items.length === 0) found.push(explanation(node, "[]", path, resolution, made));
    for (const [index, item] of node.items.entries()) collect(item, `${path}[${index}]`, resolution, made, found);
  } else {
    if (node.entries.size === 0) found.push(explanation(node, "{}", path, resolution, made));
    for (const key of sortedKeys(node)) {
      const value = node.entries.get(key);
      if (value !== undefined && key !== EXTENSIONS) collect(value, pathBelow(path, key), resolution, made, found);
    }
  }
}

function explanation(
  { origin }: Node,
  value: ScalarNode["value"],
  path: string,
  resolution: Resolution,
  rule: string | undefined,
): Explanation {
  const { template } = origin;
  const place = placeOf(origin);
  return {
    path,
    value: typeof value === "bigint" ? String(value) : value,
    ...(place === undefined ? {} : { place, keys: keysOf(origin.at) }),
    ...(template === undefined ? {} : { template }),
    variables: template === undefined ? [] : variablesIn(template, resolution),
    ...(rule === undefined ? {} : { rule }),
    replaced: replacedBy(origin),
  };
}

function placeOf({ file, line, column }: Origin): Place | undefined {
  return file === "" ? undefined : { file, line, column };
}

function variablesIn(template: string, { sourceOf, lookup }: Resolution): UsedVariable[] {
  const names = new Set(references(template).references.map(({ name }) => name));
  return [...names].map((name) => ({
    name,
    from: sourceOf(name) ?? (lookup(name) === undefined ? "not set" : "the environment of an include"),
  }));
}

function replacedBy(origin: Origin): Place[] {
  const places: Place[] = [];
  for (let at = origin.replaced; at !== undefined; at = at.replaced) {
    const place = placeOf(at);
    if (place !== undefined) places.push(place);
  }
  return places;
}
