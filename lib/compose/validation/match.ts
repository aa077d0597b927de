import { addTo } from "../../spec/group";
import { type MapNode, type Node, type ScalarNode, sameValue } from "../tree/node";
import type { Keywords, Shape } from "./shape";

function isInteger(node: ScalarNode): boolean {
  return typeof node.value === "bigint" || Number.isInteger(node.value);
}

export function hasType(node: Node, types: readonly string[]): boolean {
  if (node.kind === "map") return types.includes("object");
  if (node.kind === "list") return types.includes("array");
  switch (node.type) {
    case "null":
      return types.includes("null");
    case "bool":
      return types.includes("boolean");
    case "string":
      return types.includes("string");
    case "time":
      return false;
    default:
      return types.includes("number") || (types.includes("integer") && isInteger(node));
  }
}

/** The first two positions of a list that hold equal values. */
export function repeated(items: readonly Node[], unique: Keywords["unique"]): readonly [number, number] | undefined {
  if (unique === undefined || items.length < 2) return undefined;
  const alike = unique === "by-text" ? alikeAsText : undefined;
  const seen = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const key = item.kind === "scalar" ? String(item.value) : `${item.kind}:${size(item)}`;
    const before = seen.get(key);
    const first = before?.find((other) => sameValue(item, items[other], alike));
    if (first !== undefined) return [first, index];
    addTo(seen, key, index);
  }
  return undefined;
}

function size(node: Node): number {
  return node.kind === "map" ? node.entries.size : node.kind === "list" ? node.items.length : 0;
}

/** As older releases compare: a number is equal to a text that reads like it, a text to a text alone. */
function alikeAsText(a: ScalarNode, b: ScalarNode): boolean {
  return a.value === b.value || (typeof a.value === "number" && b.type === "string" && String(a.value) === b.value);
}

function outOfRange(shape: Keywords, node: Node): boolean {
  if (node.kind !== "scalar" || (typeof node.value !== "number" && typeof node.value !== "bigint")) return false;
  return (
    (shape.minimum !== undefined && node.value < shape.minimum) ||
    (shape.maximum !== undefined && node.value > shape.maximum)
  );
}

export function* childrenOf(shape: Keywords, node: MapNode): Generator<readonly [string, Node, readonly Shape[]]> {
  for (const [key, value] of node.entries) {
    const property = shape.properties.get(key);
    const matching = shape.patterns.filter(([pattern]) => pattern.test(key)).map(([, inner]) => inner);
    yield [key, value, property === undefined ? matching : [property, ...matching]];
  }
}

/** Whether a value is of a shape: fast, without a word about why not. */
export function fits({ keywords: shape }: Shape, node: Node): boolean {
  if (node.kind === "scalar") {
    if (node.type === "time") return shape.types === undefined && shape.oneOf === undefined;
    if (shape.types !== undefined && !hasType(node, shape.types)) return false;
    if (shape.values !== undefined && !shape.values.includes(node.value)) return false;
    if (shape.pattern !== undefined && typeof node.value === "string" && !shape.pattern.test(node.value)) return false;
    if (outOfRange(shape, node)) return false;
  } else {
    if (shape.types !== undefined && !hasType(node, shape.types)) return false;
    if (shape.values !== undefined) return false;
    if (node.kind === "map" ? !entriesFit(shape, node) : !itemsFit(shape, node.items)) return false;
  }
  if (shape.anyOf?.some((alternative) => fits(alternative, node)) === false) return false;
  if (shape.oneOf === undefined) return true;
  let matches = 0;
  for (const alternative of shape.oneOf) if (fits(alternative, node)) matches++;
  return matches === 1;
}

function entriesFit(shape: Keywords, node: MapNode): boolean {
  for (const key of shape.required) if (!node.entries.has(key)) return false;
  for (const [key, value] of node.entries) {
    // No pattern of the specification matches the name of a property.
    const property = shape.properties.get(key);
    if (property !== undefined) {
      if (!fits(property, value)) return false;
      continue;
    }
    let known = false;
    for (const [pattern, inner] of shape.patterns) {
      if (!pattern.test(key)) continue;
      known = true;
      if (!fits(inner, value)) return false;
    }
    if (!known && shape.closed) return false;
  }
  return true;
}

function itemsFit(shape: Keywords, items: readonly Node[]): boolean {
  if (repeated(items, shape.unique) !== undefined) return false;
  const { items: inner } = shape;
  return inner === undefined || items.every((item) => fits(inner, item));
}
