import { type ComposeMap, type ComposeValue, setOwn } from "../../spec/value";
import { formatFloat } from "./gotext";
import type { Path } from "./rules";

/** Where a value comes from. */
export interface Origin {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The keys that lead to it in its document; a list position is its number. Nothing leads to the document itself. */
  readonly at?: Path | undefined;
  /** The text before its variables were replaced. */
  readonly template?: string;
  /** The rule of Compose that made the value out of what stands at this place. */
  readonly rule?: string;
  /** What an earlier file or a base service had here. */
  readonly replaced?: Origin;
}

/** A value that no file wrote: a default of Compose. */
export const IMPLICIT: Origin = { file: "", line: 0, column: 0 };

/**
 * The types of Go that Compose tells apart. `float32` is a cast `cpus`; `time` is a timestamp, which Compose accepts only
 * in extensions.
 */
export type ScalarType = "null" | "bool" | "int" | "float" | "float32" | "string" | "time";

export interface ScalarNode {
  readonly kind: "scalar";
  readonly type: ScalarType;
  /** A `bigint` only for an integer that a number cannot hold. A time is its RFC 3339 text. */
  readonly value: string | number | bigint | boolean | null;
  readonly origin: Origin;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly Node[];
  readonly origin: Origin;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Node>;
  readonly origin: Origin;
}

/** A value of a document, never changed in place: stages share what they do not touch. */
export type Node = ScalarNode | ListNode | MapNode;

export function text(value: string, origin: Origin): ScalarNode {
  return { kind: "scalar", type: "string", value, origin };
}

export function int(value: number | bigint, origin: Origin): ScalarNode {
  return { kind: "scalar", type: "int", value, origin };
}

export function bool(value: boolean, origin: Origin): ScalarNode {
  return { kind: "scalar", type: "bool", value, origin };
}

export function nothing(origin: Origin): ScalarNode {
  return { kind: "scalar", type: "null", value: null, origin };
}

export function list(items: readonly Node[], origin: Origin): ListNode {
  return { kind: "list", items, origin };
}

export function map(entries: Iterable<readonly [string, Node]>, origin: Origin): MapNode {
  return { kind: "map", entries: entries instanceof Map ? entries : new Map(entries), origin };
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === "scalar" && node.type === "null";
}

/** The text of a string node; `undefined` for everything else. */
export function asText(node: Node | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" && node.type === "string" ? node.value : undefined;
}

/** Whether a value is `true`, not a text that means it. */
export function isTrue(node: Node | undefined): boolean {
  return node?.kind === "scalar" && node.value === true;
}

export function asMap(node: Node | undefined): MapNode | undefined {
  return node?.kind === "map" ? node : undefined;
}

/** The value at a path of mapping keys. */
export function get(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let at = node;
  for (const key of keys) at = at?.kind === "map" ? at.entries.get(key) : undefined;
  return at;
}

/** The text at a path of mapping keys; empty where none stands. */
export function textAt(node: Node | undefined, ...keys: readonly string[]): string {
  return asText(get(node, ...keys)) ?? "";
}

/** The value at a key of a mapping, or at a position of a list. */
export function childOf(node: Node, key: string | number): Node | undefined {
  if (node.kind === "map") return node.entries.get(String(key));
  return node.kind === "list" ? node.items[Number(key)] : undefined;
}

export function entriesOf(node: Node | undefined): Iterable<[string, Node]> {
  return node?.kind === "map" ? node.entries : [];
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "list" ? node.items : [];
}

/** A copy of a mapping's entries. `new Map` of them takes half as long again: it makes a pair of each first. */
export function copyOf(entries: ReadonlyMap<string, Node>): Map<string, Node> {
  const copy = new Map<string, Node>();
  for (const [key, value] of entries) copy.set(key, value);
  return copy;
}

/** A copy with some keys set and some removed (`undefined`). */
export function withEntries(node: MapNode, changes: Iterable<readonly [string, Node | undefined]>): MapNode {
  const entries = copyOf(node.entries);
  for (const [key, value] of changes) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  return map(entries, node.origin);
}

/** Applies `change` to each value; the same node when nothing changed. */
export function mapValues(node: MapNode, change: (value: Node, key: string) => Node): MapNode {
  let entries: Map<string, Node> | undefined;
  for (const [key, value] of node.entries) {
    const changed = change(value, key);
    if (changed === value) continue;
    entries ??= copyOf(node.entries);
    entries.set(key, changed);
  }
  return entries === undefined ? node : map(entries, node.origin);
}

/** Applies `change` to each item; the same node when nothing changed. */
export function mapItems(node: ListNode, change: (item: Node) => Node): ListNode {
  let items: Node[] | undefined;
  for (const [index, item] of node.items.entries()) {
    const changed = change(item);
    if (changed === item) continue;
    items ??= [...node.items];
    items[index] = changed;
  }
  return items === undefined ? node : list(items, node.origin);
}

/** The same value with a note of what made it. */
export function made<T extends Node>(node: T, rule: string): T {
  return { ...node, origin: { ...node.origin, rule } };
}

/** The same value, remembering what it took the place of. */
export function replacing(node: Node, replaced: Origin): Node {
  return { ...node, origin: { ...node.origin, replaced } };
}

/** A value as Go's `%v` prints it. */
export function formatValue(node: Node): string {
  if (node.kind === "list") return `[${node.items.map(formatValue).join(" ")}]`;
  if (node.kind === "map") {
    const keys = [...node.entries.keys()].sort();
    return `map[${keys.map((key) => `${key}:${formatValue(node.entries.get(key) ?? nothing(IMPLICIT))}`).join(" ")}]`;
  }
  if (node.value === null) return "<nil>";
  if (typeof node.value === "number" && node.type !== "int") return formatFloat(node.value);
  if (node.type === "time") return formatTime(String(node.value));
  return String(node.value);
}

/** `2024-01-01T00:00:00Z` as Go's `time.Time` prints itself. */
function formatTime(rfc3339: string): string {
  const [, date = "", clock = "", zone = ""] = /^(.+)T([\d:.]+)(.+)$/.exec(rfc3339) ?? [];
  const offset = zone === "Z" ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
  return `${date} ${clock} ${offset}`;
}

/** The name that Go gives to the type of a value, as it stands in Compose's messages. */
export function typeName(node: Node): string {
  if (node.kind === "list") return "[]interface {}";
  if (node.kind === "map") return "map[string]interface {}";
  return GO_TYPES[node.type];
}

const GO_TYPES: Readonly<Record<ScalarType, string>> = {
  null: "<nil>",
  bool: "bool",
  int: "int",
  float: "float64",
  float32: "float32",
  string: "string",
  time: "time.Time",
};

type Alike = (a: ScalarNode, b: ScalarNode) => boolean;

/**
 * Whether two values are the same for Go's `reflect.DeepEqual`; an integer and a float never are.
 *
 * @param alike whether two scalars are the same
 */
export function sameValue(a: Node, b: Node | undefined, alike: Alike = sameScalar): boolean {
  if (a === b) return true;
  if (a.kind === "list") {
    const items = b?.kind === "list" ? b.items : undefined;
    return a.items.length === items?.length && a.items.every((item, i) => sameValue(item, items[i], alike));
  }
  if (a.kind === "map") {
    if (b?.kind !== "map" || a.entries.size !== b.entries.size) return false;
    for (const [key, value] of a.entries) if (!sameValue(value, b.entries.get(key), alike)) return false;
    return true;
  }
  return b?.kind === "scalar" && alike(a, b);
}

const sameScalar: Alike = (a, b) => a.type === b.type && a.value === b.value;

/** A value as plain data, in the order of the document. */
function plainOf(node: Node): ComposeValue {
  if (node.kind === "list") return node.items.map(plainOf);
  if (node.kind === "scalar") return typeof node.value === "bigint" ? Number(node.value) : node.value;
  const value: { [key: string]: ComposeValue } = {};
  for (const [key, item] of node.entries) setOwn(value, key, plainOf(item));
  return value;
}

/** The document as plain data. */
export function plainMap({ entries }: MapNode): ComposeMap {
  const value: { [key: string]: ComposeValue } = {};
  for (const [key, item] of entries) setOwn(value, key, plainOf(item));
  return value;
}
