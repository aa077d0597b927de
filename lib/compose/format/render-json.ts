import type { ComposeValue } from "../../spec/value";
import { compareText, shortestFloat32 } from "../tree/gotext";
import type { MapNode, Node, ScalarNode } from "../tree/node";
import type { Field, Struct, Type } from "../types/types";

/** A value ready to be printed: objects keep the order of their keys. */
export type Printable =
  | string
  | number
  | bigint
  | boolean
  | null
  | Float
  | Timestamp
  | readonly Printable[]
  | PrintableMap;

export type PrintableMap = Map<string, Printable>;

/** A float: JSON and YAML have their own ways to print one. */
export class Float {
  constructor(
    readonly value: number,
    readonly bits: 32 | 64 = 64,
  ) {}
}

/** A timestamp, which YAML prints without quotes. */
export class Timestamp {
  constructor(readonly text: string) {}
}

function scalar(node: ScalarNode): Printable {
  if (node.type === "float" && typeof node.value === "number") return new Float(node.value);
  if (node.type === "float32" && typeof node.value === "number") return new Float(node.value, 32);
  return node.type === "time" ? new Timestamp(String(node.value)) : node.value;
}

/** How keys that people choose follow each other: JSON and YAML differ in it. */
export type KeyOrder = (a: string, b: string) => number;

/** A value without type: its keys in order. */
export function untyped(node: Node, order: KeyOrder = compareText): Printable {
  if (node.kind === "list") return node.items.map((item) => untyped(item, order));
  if (node.kind === "map") {
    return new Map(sortedEntries(node, order).map(([key, value]) => [key, untyped(value, order)]));
  }
  return scalar(node);
}

export function sortedEntries(node: MapNode, order: KeyOrder = compareText): [string, Node][] {
  return [...node.entries].sort(([a], [b]) => order(a, b));
}

function isZeroScalar(node: ScalarNode, type: Type): boolean {
  const { value } = node;
  if (value === null || value === "") return true;
  switch (type.kind) {
    case "bool":
      return !type.optional && value === false;
    case "opt-out":
      return value === true;
    case "int":
      return !type.optional && Number(value) === 0;
    case "duration":
      return !type.optional && value === "0s";
    case "size":
      return value === "0";
    case "float32":
    case "cpus":
    case "device-count":
      return Number(value) === 0;
    default:
      return false;
  }
}

/** Whether a field is left out. */
function isOmitted(node: Node | undefined, type: Type): boolean {
  if (node === undefined) return true;
  if (node.kind === "scalar") return isZeroScalar(node, type);
  // A host without addresses is still a host: the list of them is there, and empty.
  if (type.kind === "struct" || type.kind === "hosts") return false;
  return node.kind === "list" ? node.items.length === 0 : node.entries.size === 0;
}

/** What a field prints that is always there. */
function zeroOf(type: Type): Printable {
  switch (type.kind) {
    case "struct":
      return structJson(undefined, type);
    case "bool":
      return false;
    case "int":
      return 0;
    case "size":
      return "0";
    case "command":
      return null;
    default:
      return "";
  }
}

function fieldJson({ type, always }: Field, node: Node | undefined): Printable | undefined {
  if (type.kind === "struct" && !type.optional) return structJson(node, type);
  if (!isOmitted(node, type) && node !== undefined) return typed(node, type);
  if (always === undefined) return undefined;
  if (type.kind === "command") return node === undefined ? null : [];
  return zeroOf(type);
}

function structJson(node: Node | undefined, type: Struct): PrintableMap {
  const out = new Map<string, Printable>();
  for (const field of type.fields) {
    const value = fieldJson(field, node?.kind === "map" ? node.entries.get(field.name) : undefined);
    if (value !== undefined) out.set(field.json ?? field.name, value);
  }
  return out;
}

/** A typed value as Compose's JSON has it. */
export function typed(node: Node, type: Type): Printable {
  if (node.kind === "scalar") return node.value === null ? null : scalar(node);
  switch (type.kind) {
    case "struct":
      return structJson(node, type);
    case "list":
      return node.kind === "list" ? node.items.map((item) => typed(item, type.of)) : untyped(node);
    case "map":
      return node.kind === "map"
        ? new Map(sortedEntries(node).map(([key, value]) => [key, typed(value, type.of)]))
        : untyped(node);
    case "ulimit":
      return ulimit(node);
    default:
      return untyped(node);
  }
}

function ulimit(node: Node): Printable {
  if (node.kind !== "map") return untyped(node);
  const out = new Map<string, Printable>();
  for (const key of ["soft", "hard"]) {
    const limit = node.entries.get(key);
    if (limit?.kind === "scalar" && Number(limit.value) !== 0) out.set(key, untyped(limit));
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

const PLAIN_TEXT = /^[\x20\x21\x23-\x25\x27-\x3b\x3d\x3f-\x5b\x5d-\x7e]*$/;

function jsonText(value: string): string {
  if (PLAIN_TEXT.test(value)) return `"${value}"`;
  const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => ESCAPES[char] ?? char);
  return text.replace(/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g, "\\ufffd");
}

/** A float as Go's JSON writes it: as JavaScript does, but for a negative zero. */
function jsonFloat({ value, bits }: Float): string {
  const exact = bits === 32 ? shortestFloat32(value) : value;
  return Object.is(exact, -0) ? "-0" : String(exact);
}

/** JSON on one line, as Go writes it. */
export function compactJson(value: Printable): string {
  if (value instanceof Map) {
    return `{${[...value].map(([key, entry]) => `${jsonText(key)}:${compactJson(entry)}`).join(",")}}`;
  }
  return Array.isArray(value) ? `[${value.map(compactJson).join(",")}]` : renderJson(value);
}

/** JSON in Go's layout: two blanks, empty collections on one line. */
export function renderJson(value: Printable, indent = ""): string {
  if (value instanceof Float) return jsonFloat(value);
  if (value instanceof Timestamp) return jsonText(value.text);
  if (typeof value === "string") return jsonText(value);
  if (value === null || typeof value !== "object") return String(value);
  const inner = `${indent}  `;
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    const lines: string[] = [];
    for (const [key, entry] of value) lines.push(`${inner}${jsonText(key)}: ${renderJson(entry, inner)}`);
    return `{\n${lines.join(",\n")}\n${indent}}`;
  }
  if (value.length === 0) return "[]";
  return `[\n${value.map((item) => inner + renderJson(item, inner)).join(",\n")}\n${indent}]`;
}

/** The same as plain data, whose objects have no prototype. */
export function toPlain(value: Printable): ComposeValue {
  if (value instanceof Float) return value.bits === 32 ? shortestFloat32(value.value) : value.value;
  if (value instanceof Timestamp) return value.text;
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Map) {
    const out: Record<string, ComposeValue> = Object.create(null);
    for (const [key, entry] of value) out[key] = toPlain(entry);
    return out;
  }
  return value.map(toPlain);
}
