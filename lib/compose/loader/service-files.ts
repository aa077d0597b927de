import { readDotenv } from "../dotenv/read-dotenv";
import { ComposeError } from "../error";
import type { Lookup } from "../template/interpolate";
import { trimLeft } from "../tree/gotext";
import {
  asText,
  entriesOf,
  get,
  isNull,
  isTrue,
  itemsOf,
  type MapNode,
  map,
  type Node,
  type Origin,
  text,
  textAt,
  withEntries,
} from "../tree/node";
import type { Files } from "./files";

export interface ServiceFilesContext {
  readonly files: Files;
  readonly lookup: Lookup;
  readonly lazy: boolean;
  readonly warn: (message: string) => void;
}

interface Found {
  readonly value: string;
  readonly origin: Origin;
}

interface Source {
  readonly path: string;
  readonly format: string;
  readonly content: string;
}

/** `docker run --env-file`: nothing but `NAME=value`, no quotes, no variables. */
function parseRaw({ path, content }: Source, lookup: Lookup, found: Map<string, Found>, node: Node): void {
  for (const [index, row] of content
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = trimLeft(row);
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const name = equals < 0 ? line : line.slice(0, equals);
    const fail = (problem: string) =>
      new ComposeError("env-file", `failed to parse env_file ${path}: ${problem}`, node.origin);
    if (name === "") throw fail(`no variable name on line '${line}'`);
    if (/[ \t]/.test(name)) throw fail(`variable '${name}' contains whitespaces`);
    const value = equals < 0 ? lookup(name) : line.slice(equals + 1);
    if (value !== undefined) found.set(name, { value, origin: { file: path, line: index + 1, column: 1 } });
  }
}

function parseSource(
  source: Source,
  lookup: Lookup,
  found: Map<string, Found>,
  node: Node,
  context: ServiceFilesContext,
): void {
  const { path, format, content } = source;
  if (format === "raw") {
    parseRaw(source, lookup, found, node);
    return;
  }
  if (format !== "" && format !== ".env") {
    throw new ComposeError("env-file", `unsupported env_file format ${JSON.stringify(format)}`, node.origin);
  }
  const before = new Map([...found].map(([name, { value }]) => [name, value]));
  const { lazy, warn } = context;
  const { entries } = readDotenv(path, content, { lookup, before, lazy, warn, from: node.origin });
  for (const { name, value, line } of entries) found.set(name, { value, origin: { file: path, line, column: 1 } });
}

function notFound(kind: "env" | "label", path: string, { origin }: Node): ComposeError {
  return new ComposeError(
    "env-file",
    `${kind} file ${path} not found: stat ${path}: no such file or directory`,
    origin,
  );
}

/** Reads the `env_file`s of a typed service into its `environment`, whose own entries win, those without value too. */
export function resolveEnvironment(service: MapNode, context: ServiceFilesContext): MapNode {
  const declared = entriesOf(service.entries.get("environment"));
  if (!service.entries.has("env_file") && areValues(declared)) return service;
  const own = new Map<string, Node>();
  for (const [name, value] of declared) {
    const outside = isNull(value) ? context.lookup(name) : undefined;
    own.set(
      name,
      outside === undefined ? value : text(outside, { ...value.origin, rule: "value from the environment" }),
    );
  }
  const found = new Map<string, Found>();
  for (const [name, node] of own) {
    const value = asText(node);
    if (value !== undefined) found.set(name, { value, origin: node.origin });
  }
  const lookup: Lookup = (name) => context.lookup(name) ?? asText(own.get(name));
  for (const node of itemsOf(service.entries.get("env_file"))) {
    const path = textAt(node, "path");
    const content = context.files.text(path);
    if (content !== undefined)
      parseSource({ path, format: textAt(node, "format"), content }, lookup, found, node, context);
    else if (isTrue(get(node, "required"))) throw notFound("env", path, node);
  }
  const merged = new Map<string, Node>();
  for (const [name, { value, origin }] of found) merged.set(name, text(value, { ...origin, rule: "env_file" }));
  for (const [name, node] of own) merged.set(name, node);
  const environment = map(merged, service.entries.get("environment")?.origin ?? service.origin);
  return withEntries(service, [
    ["environment", merged.size === 0 ? undefined : environment],
    ["env_file", undefined],
  ]);
}

/** Whether each of some variables has a value, and there is at least one. */
function areValues(variables: Iterable<[string, Node]>): boolean {
  let some = false;
  for (const [, value] of variables) {
    if (isNull(value)) return false;
    some = true;
  }
  return some;
}

/** Reads the `label_file`s of a typed service into its `labels`, which win. */
export function resolveLabels(service: MapNode, context: ServiceFilesContext, keepsFiles: boolean): MapNode {
  const files = itemsOf(service.entries.get("label_file"));
  if (!service.entries.has("label_file")) return service;
  if (files.length === 0) return withEntries(service, [["label_file", undefined]]);
  const labels = new Map<string, Found>();
  for (const node of files) {
    const path = asText(node) ?? "";
    const content = context.files.text(path);
    if (content === undefined) throw notFound("label", path, node);
    const found = new Map<string, Found>();
    parseSource({ path, format: "", content }, (name) => labels.get(name)?.value, found, node, context);
    for (const [name, value] of found) labels.set(name, value);
  }
  const merged = new Map<string, Node>();
  for (const [name, { value, origin }] of labels) merged.set(name, text(value, { ...origin, rule: "label_file" }));
  for (const [name, node] of entriesOf(service.entries.get("labels"))) merged.set(name, node);
  return withEntries(service, [
    ["labels", map(merged, service.origin)],
    ["label_file", keepsFiles ? service.entries.get("label_file") : undefined],
  ]);
}
