import { isCommented, isList, isMap, isTagged, type YamlNode } from "../../compose/emit/emit";
import { ComposeError as MergeError } from "../../compose/error";
import { mergeDocuments } from "../../compose/override/merge";
import { enforceUnicity } from "../../compose/override/unicity";
import { asMap, IMPLICIT, list, map, type Node } from "../../compose/tree/node";
import { clearPaths } from "../../compose/tree/reset";
import type { ComposeMap, ComposeValue } from "../../spec";
import { setOwn } from "../copy";

/** The project that documents make when Compose merges them in order, and why it would refuse to. */
export interface Merged {
  readonly project: ComposeMap;
  /** Compose's own words when two documents cannot be merged; the project is then what could be. */
  readonly refusal: string | undefined;
}

/** Merges documents as Compose does: what a tag names is cleared first. Compose Specification, chapter 13. */
export function mergeTrees(trees: readonly YamlNode[]): Merged {
  let project = map([], IMPLICIT);
  let refusal: string | undefined;
  for (const tree of trees) {
    const cleared: string[][] = [];
    const document = asMap(toNode(tree, [], cleared));
    if (document === undefined) continue;
    try {
      const base = clearPaths(project, cleared);
      project = enforceUnicity(base.entries.size === 0 ? document : mergeDocuments(base, document));
    } catch (error) {
      if (!(error instanceof MergeError)) throw error;
      refusal ??= error.message;
    }
  }
  const value = toValue(project);
  return { project: isDocument(value) ? value : {}, refusal };
}

/** @param cleared gets the path of every tag */
function toNode(tree: YamlNode, path: readonly string[], cleared: string[][]): Node | undefined {
  if (isCommented(tree)) return toNode(tree.value, path, cleared);
  if (isTagged(tree)) {
    cleared.push([...path]);
    return tree.tag === "!reset" ? undefined : toNode(tree.value, path, []);
  }
  if (isList(tree)) {
    const items = tree.flatMap((item, index) => toNode(item, [...path, String(index)], cleared) ?? []);
    return list(items, IMPLICIT);
  }
  if (isMap(tree)) {
    const entries = new Map<string, Node>();
    for (const [key, item] of Object.entries(tree)) {
      const node = toNode(item, [...path, key], cleared);
      if (node !== undefined) entries.set(key, node);
    }
    return map(entries, IMPLICIT);
  }
  return scalar(tree);
}

function scalar(value: string | number | boolean | null): Node {
  const types = {
    string: "string",
    number: Number.isInteger(value) ? "int" : "float",
    boolean: "bool",
    object: "null",
  } as const;
  const kind = typeof value;
  const type = kind === "string" || kind === "number" || kind === "boolean" ? types[kind] : "null";
  return { kind: "scalar", type, value, origin: IMPLICIT };
}

function toValue(node: Node): ComposeValue {
  if (node.kind === "list") return node.items.map(toValue);
  if (node.kind === "scalar") return typeof node.value === "bigint" ? Number(node.value) : node.value;
  const value: { [key: string]: ComposeValue } = {};
  for (const [key, item] of node.entries) setOwn(value, key, toValue(item));
  return value;
}

function isDocument(value: ComposeValue): value is ComposeMap {
  return isMap(value);
}
