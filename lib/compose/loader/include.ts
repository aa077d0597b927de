import { readDotenv } from "../dotenv/read-dotenv";
import { ComposeError, placed } from "../error";
import { mergeDocuments } from "../override/merge";
import { badVerb } from "../override/unicity";
import type { Lookup } from "../template/interpolate";
import {
  asText,
  formatValue,
  isNull,
  type MapNode,
  map,
  type Node,
  sameValue,
  typeName,
  withEntries,
} from "../tree/node";
import type { Behaviour } from "../version";
import { type LoadContext, loadModel } from "./loader";
import { directoryOf, isAbsolute, join, relative } from "./paths";
import { localPath } from "./remote";

/** Deeper than anybody's project, and far from what fills the stack. */
const MOST_DEPTH = 200;

interface Entry {
  readonly paths: readonly string[];
  readonly directory: string;
  readonly envFiles: readonly string[];
  readonly node: Node;
}

function fail(message: string, node: Node): ComposeError {
  return new ComposeError("include", message, node.origin);
}

function decodeFail(place: string, message: string, node: Node): ComposeError {
  return fail(`decoding failed due to the following error(s):\n\n'${place}' ${message}`, node);
}

function texts(node: Node | undefined, place: string): readonly string[] {
  if (node === undefined || isNull(node)) return [];
  const one = asText(node);
  if (one !== undefined) return [one];
  const items = node.kind === "list" ? node.items.map(asText) : [undefined];
  return items.map((item) => {
    if (item === undefined) throw decodeFail(place, `invalid type ${typeName(node)} for string list`, node);
    return item;
  });
}

function entriesOf(include: Node): Entry[] {
  if (isNull(include)) return [];
  if (include.kind !== "list") throw fail(`\`include\` must be a list, got ${badVerb(include)}`, include);
  return include.items.map((node, index) => {
    const path = asText(node);
    if (path !== undefined) return { paths: [path], directory: "", envFiles: [], node };
    if (node.kind !== "map")
      throw decodeFail(`[${index}]`, `expected a map or struct, got ${JSON.stringify(typeName(node))}`, node);
    const directory = node.entries.get("project_directory");
    return {
      paths: texts(node.entries.get("path"), `[${index}].path`),
      directory: directory === undefined || isNull(directory) ? "" : formatValue(directory),
      envFiles: texts(node.entries.get("env_file"), `[${index}].env_file`),
      node,
    };
  });
}

/** Replaces `include` by what the included projects declare. */
export function applyInclude(document: MapNode, context: LoadContext): MapNode {
  const include = document.entries.get("include");
  if (include === undefined) return document;
  let model = document;
  for (const entry of entriesOf(include)) {
    const before = model;
    model = context.behaviour.attempt(
      () => importModel(before, includeOne(entry, context), entry.node, context),
      before,
    );
  }
  return withEntries(model, [["include", undefined]]);
}

function includeOne({ paths, directory: given, envFiles, node }: Entry, context: LoadContext): MapNode {
  const { files, including } = context;
  const absolute = (path: string) => (isAbsolute(path) ? path : join(context.directory, path));
  const [main, ...overlays] = paths.map((path) => absolute(localPath(path, node.origin)));
  if (main === undefined) return map([], node.origin);
  if (including.includes(main)) {
    throw fail(`include cycle detected:\n${[...including, main].join("\n include ")}`, node);
  }
  if (context.depth >= MOST_DEPTH) {
    throw new ComposeError("limit", `${main}: files include each other more than ${MOST_DEPTH} deep`, node.origin);
  }
  const directory = given === "" ? directoryOf(main) : absolute(given);
  const seen = given === "" || files.isDirectory(directory) ? directory : directoryOf(directory);
  const base = isAbsolute(given) ? given : relative(context.directory, seen);
  const lookup = includeLookup(envFiles, directory, node, context);
  // The environment of the command, then that of the include.
  return placed(node.origin, () =>
    loadModel([main, ...overlays], {
      ...context,
      directory,
      base,
      resolvePaths: true,
      lookup,
      depth: context.depth + 1,
    }),
  );
}

function includeLookup(envFiles: readonly string[], directory: string, node: Node, context: LoadContext): Lookup {
  const { files, lookup, warn, behaviour } = context;
  let values: ReadonlyMap<string, string> = new Map();
  const standard = join(directory, ".env");
  const given = envFiles.length > 0;
  for (const file of given ? envFiles : [standard]) {
    if (given && behaviour.does("ignoresNullDevice") && file === "/dev/null") continue;
    const path = isAbsolute(file) ? file : join(context.directory, file);
    const content = files.text(path);
    if (content === undefined) {
      if (!given) continue;
      const message = isAbsolute(file) ? `couldn't find env file: ${path}` : `stat ${path}: no such file or directory`;
      throw fail(message, node);
    }
    const lazy = behaviour.does("lazyOperands");
    values = readDotenv(path, content, { lookup, before: values, lazy, warn, from: node.origin }).values;
  }
  return (name) => lookup(name) ?? values.get(name);
}

const IMPORTED = ["services", "jobs", "volumes", "networks", "secrets", "configs", "models"];

function importModel(into: MapNode, from: MapNode, node: Node, { behaviour }: LoadContext): MapNode {
  const changes: [string, Node][] = [];
  for (const section of IMPORTED) {
    const added = from.entries.get(section);
    if (added?.kind !== "map") continue;
    const own = into.entries.get(section);
    if (own !== undefined && own.kind !== "map") throw fail(`${section} must be a mapping`, own);
    const merged = new Map(own?.entries);
    for (const [name, resource] of added.entries) {
      const conflict = merged.get(name);
      if (conflict === undefined) merged.set(name, resource);
      else if (behaviour.does("mergeIncluded"))
        merged.set(name, mergeOne(section, name, resource, conflict, behaviour));
      else if (!sameValue(resource, conflict)) throw fail(`${section}.${name} conflicts with imported resource`, node);
    }
    changes.push([section, map(merged, own?.origin ?? node.origin)]);
  }
  return changes.length === 0 ? into : withEntries(into, changes);
}

/** The including file's own declaration goes over the included one. */
function mergeOne(section: string, name: string, included: Node, own: Node, behaviour: Behaviour): Node {
  if (behaviour.does("skipsSameIncluded") && sameValue(included, own)) return own;
  const alone = (node: Node) => map([[section, map([[name, node]], node.origin)]], node.origin);
  const merged = mergeDocuments(alone(included), alone(own), behaviour).entries.get(section);
  return (merged?.kind === "map" ? merged.entries.get(name) : undefined) ?? own;
}
