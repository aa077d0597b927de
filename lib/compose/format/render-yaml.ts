import { EXTENSIONS } from "../transform/extensions";
import { asText, type MapNode, type Node } from "../tree/node";
import type { Field, Struct, Type } from "../types/types";
import { compareNaturally } from "./natural-order";
import { Float, type Printable, type PrintableMap, sortedEntries, Timestamp, typed, untyped } from "./render-json";
import { folded, isSimpleKey, type YamlLayout, yamlFloat, yamlText } from "./yaml-scalar";

/** The entries of a mapping in the order of Compose's YAML. */
export function yamlEntries(node: MapNode): [string, Node][] {
  return sortedEntries(node, compareNaturally);
}

/** A value without type, its keys in the order of Compose's YAML. */
export function yamlUntyped(node: Node): Printable {
  return untyped(node, compareNaturally);
}

/** A typed object as Compose's YAML has it: fewer zero values than JSON, and the `x-…` keys behind the fields. */
export function yamlStruct(node: Node, type: Struct): PrintableMap {
  const out = new Map<string, Printable>();
  if (node.kind !== "map") return out;
  for (const field of type.fields) {
    const value = yamlField(field, node.entries.get(field.name));
    if (value !== undefined) out.set(field.name, value);
  }
  const extensions = node.entries.get(EXTENSIONS);
  for (const [key, value] of extensions?.kind === "map" ? yamlEntries(extensions) : [])
    out.set(key, yamlUntyped(value));
  return out;
}

function yamlField(field: Field, node: Node | undefined): Printable | undefined {
  const { type, always } = field;
  if (type.kind === "struct" && !type.optional) {
    const inner = node === undefined ? new Map() : yamlStruct(node, type);
    return inner.size === 0 ? undefined : inner;
  }
  if (type.kind === "command") return node === undefined ? undefined : yamlValue(node, type);
  const json = fieldValue(field, node);
  if (json === undefined && always !== "both") return undefined;
  return node === undefined || json === undefined ? zero(type) : yamlValue(node, type);
}

/** The value in JSON's terms, to share its rules on what is left out. */
function fieldValue({ name, type }: Field, node: Node | undefined): Printable | undefined {
  if (node === undefined) return undefined;
  const alone: Struct = { kind: "struct", optional: true, extensible: false, fields: [{ name, type }] };
  const printed = typed({ kind: "map", entries: new Map([[name, node]]), origin: node.origin }, alone);
  return printed instanceof Map ? printed.get(name) : undefined;
}

function zero(type: Type): Printable {
  if (type.kind === "bool") return false;
  if (type.kind === "int") return 0;
  return type.kind === "size" ? "0" : "";
}

function yamlValue(node: Node, type: Type): Printable {
  if (node.kind === "scalar") return typed(node, type);
  switch (type.kind) {
    case "struct":
      return yamlStruct(node, type);
    case "list":
      return node.kind === "list" ? node.items.map((item) => yamlItem(item, type.of)) : yamlUntyped(node);
    case "map":
      return node.kind === "map"
        ? new Map(yamlEntries(node).map(([key, value]) => [key, yamlItem(value, type.of)]))
        : yamlUntyped(node);
    case "ssh":
      return node.kind === "list" ? node.items.map(sshKey) : yamlUntyped(node);
    default:
      return yamlUntyped(node);
  }
}

function yamlItem(node: Node, type: Type): Printable {
  if (type.kind !== "ulimit" || node.kind !== "map") return yamlValue(node, type);
  const limit = (key: string): Printable => {
    const value = node.entries.get(key);
    return value === undefined ? 0 : yamlUntyped(value);
  };
  return new Map([
    ["soft", limit("soft")],
    ["hard", limit("hard")],
  ]);
}

function sshKey(node: Node): Printable {
  if (node.kind !== "map") return yamlUntyped(node);
  const [[id, path] = ["", undefined]] = [...node.entries];
  return `${id}: ${asText(path) ?? ""}`;
}

/** Whether a value is a list or a mapping that has something in it: it stands on lines of its own. */
function hasParts(value: Printable): boolean {
  return value instanceof Map ? value.size > 0 : Array.isArray(value) && value.length > 0;
}

/** A value in Go's YAML layout: two blanks a level, lists indented below their key. */
function lines(value: Printable, indent: string, out: string[], first: string, layout: YamlLayout): void {
  if (value instanceof Map && value.size > 0) {
    let lead = first;
    for (const [key, entry] of value) {
      if (!isSimpleKey(key)) {
        explicitEntry(key, entry, { lead, indent, out, layout });
        lead = indent;
        continue;
      }
      const start = `${lead}${yamlText(key, indent, true, layout)}:`;
      lead = indent;
      nested(entry, indent, out, start, layout);
    }
  } else if (Array.isArray(value) && value.length > 0) {
    let lead = first;
    for (const item of value) {
      const inner = `${indent}  `;
      const start = `${lead}-`;
      lead = indent;
      if (hasParts(item)) lines(item, inner, out, `${start} `, layout);
      else out.push(`${start} ${leaf(item, inner, layout, start)}`);
    }
  } else out.push(`${first}${leaf(value, indent, layout, first)}`);
}

interface Position {
  readonly lead: string;
  readonly indent: string;
  readonly out: string[];
  readonly layout: YamlLayout;
}

/** A key that is long or has several lines: it stands behind `?`, and its value behind `:` on a line of its own. */
function explicitEntry(key: string, value: Printable, { lead, indent, out, layout }: Position): void {
  const inner = `${indent}  `;
  out.push(`${lead}? ${leaf(key, inner, layout, `${lead}?`)}`);
  lines(value, inner, out, `${indent}: `, layout);
}

function nested(value: Printable, indent: string, out: string[], start: string, layout: YamlLayout): void {
  const inner = `${indent}  `;
  if (hasParts(value)) {
    out.push(start);
    lines(value, inner, out, inner, layout);
  } else out.push(`${start} ${leaf(value, inner, layout, start)}`);
}

function leaf(value: Printable, indent: string, layout: YamlLayout, before: string): string {
  if (value instanceof Float) return yamlFloat(value);
  if (value instanceof Timestamp) return value.text;
  if (typeof value === "string") {
    const scalar = yamlText(value, indent, false, layout);
    return layout.breaksLines === true ? folded(scalar, indent, [...before].length + 1) : scalar;
  }
  if (value instanceof Map) return "{}";
  return Array.isArray(value) ? "[]" : String(value);
}

/** The YAML that Compose prints. */
export function renderYaml(value: Printable, layout: YamlLayout = {}): string {
  const out: string[] = [];
  lines(value, "", out, "", layout);
  return `${out.join("\n")}\n`;
}
