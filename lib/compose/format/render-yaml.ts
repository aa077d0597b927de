import { EXTENSIONS } from "../transform/extensions";
import { formatFloat, shortestFloat32 } from "../tree/gotext";
import { asText, type MapNode, type Node } from "../tree/node";
import type { Field, Struct, Type } from "../types/types";
import { resolveScalar } from "../yaml/resolve";
import { compareNaturally } from "./natural-order";
import { Float, type Printable, type PrintableMap, sortedEntries, Timestamp, typed, untyped } from "./render-json";

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

/** Words that YAML 1.1 took for booleans, and its numbers of base 60. */
const OLD_BOOLEANS: ReadonlySet<string> = new Set("y Y yes Yes YES on On ON n N no No NO off Off OFF".split(" "));
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Signs that no plain text begins with. */
const INDICATORS: ReadonlySet<string> = new Set("#,[]{}&*!|>'\"%@`");
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\ufeff/u;
const BREAK = /[\n\r\u0085\u2028\u2029]/;

function isString(text: string): boolean {
  try {
    return resolveScalar(text, "", true).type === "string";
  } catch {
    return true;
  }
}

/** Whether a text without tabs and line breaks needs no quotes. */
function allowsPlain(text: string): boolean {
  if (text.startsWith("---") || text.startsWith("...") || INDICATORS.has(text.charAt(0))) return false;
  return !/^ | $|^[?:-](?:\s|$)|: |:$|\s#/.test(text);
}

function doubleQuoted(text: string): string {
  let out = '"';
  for (const char of text) {
    const known = DOUBLE_ESCAPES.get(char);
    const code = char.codePointAt(0) ?? 0;
    if (known !== undefined) out += known;
    else if (!UNPRINTABLE.test(char)) out += char;
    else {
      const [mark, digits] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : (["U", 8] as const);
      out += `\\${mark}${code.toString(16).toUpperCase().padStart(digits, "0")}`;
    }
  }
  return `${out}"`;
}

const DOUBLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\0", "\\0"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\x1b", "\\e"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\u0085", "\\N"],
  ["\u00a0", "\\_"],
  ["\u2028", "\\L"],
  ["\u2029", "\\P"],
  ["\ufeff", "\\uFEFF"],
]);

function literal(text: string, indent: string, leads: RegExp): string {
  const lead = leads.test(text) ? "2" : "";
  const chomp = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") || text === "\n" ? "+" : "";
  const lines = text.replace(/\n$/, "").split("\n");
  const body = lines.map((line) => (line === "" ? "" : `${indent}${line}`)).join("\n");
  return `|${lead}${chomp}\n${body}`;
}

/** Behind this column newer versions of Compose break a line, at the next blank. */
const WIDTH = 80;

/** A scalar that starts at a column, over as many lines as Compose writes it on. */
function folded(scalar: string, indent: string, start: number): string {
  if (start + scalar.length <= WIDTH || scalar.includes("\n")) return scalar;
  const quote = /^["']/.exec(scalar)?.[0];
  const chars = [...scalar];
  const last = chars.length - (quote === undefined ? 1 : 2);
  let out = "";
  let column = start;
  let inBlanks = false;
  for (const [at, char] of chars.entries()) {
    const blank = char === " ";
    const next = chars[at + 1] === " ";
    const inside = quote === undefined || (at > 1 && at < last);
    if (blank && !inBlanks && column > WIDTH && inside && (quote === '"' || !next)) {
      out += `\n${indent}${next ? "\\" : ""}`;
      column = indent.length + (next ? 1 : 0);
    } else {
      out += char;
      column++;
    }
    inBlanks = blank;
  }
  return out;
}

/** How releases lay YAML out differently. */
export interface YamlLayout {
  /** Lines are broken behind column 80, and `<<` has quotes. @default false */
  readonly breaksLines?: boolean;
  /** Words that only older readers take for something else get single quotes. @default false */
  readonly quotesSingly?: boolean;
  /** A text of several lines is written as such when it has blanks at ends of lines, too. @default false */
  readonly keepsBlanks?: boolean;
}

function yamlText(text: string, indent: string, isKey: boolean, layout: YamlLayout): string {
  const { breaksLines = false, quotesSingly = false, keepsBlanks = false } = layout;
  if (UNPRINTABLE.test(text) || /[\u0085\u2028\u2029\r]/.test(text)) return doubleQuoted(text);
  if (text.includes("\n")) {
    const hasTabs = text.includes("\t", 1);
    if (isKey || hasTabs || (!keepsBlanks && / (?:\n|$)/.test(text))) return doubleQuoted(text);
    return literal(text, indent, keepsBlanks ? /^\n*[ \t]/ : breaksLines ? /^ / : /^[ \n]/);
  }
  if (!isString(text)) return doubleQuoted(text);
  const old = OLD_BOOLEANS.has(text) || BASE_60.test(text);
  if (old || (breaksLines && text === "<<")) return quotesSingly ? singleQuoted(text) : doubleQuoted(text);
  if (text.includes("\t")) return doubleQuoted(text);
  return allowsPlain(text) ? text : singleQuoted(text);
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function yamlFloat({ value, bits }: Float): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return formatFloat(bits === 32 ? shortestFloat32(value) : value);
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

/** The most bytes of a key that stands before its `:`. */
const LONGEST_KEY = 128;

function isSimpleKey(key: string): boolean {
  if (key.length * 3 <= LONGEST_KEY) return !BREAK.test(key);
  return !BREAK.test(key) && new TextEncoder().encode(key).length <= LONGEST_KEY;
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
