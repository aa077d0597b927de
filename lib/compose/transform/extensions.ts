import { type ListNode, list, type MapNode, map, type Node } from "../tree/node";

/** The key under which a mapping's own `x-…` keys stand from here on, as Compose calls it. */
export const EXTENSIONS = "#extensions";

/** Mappings whose keys are names that people choose: there an `x-…` key is a name like any other. */
const NAMED: readonly (readonly string[])[] = [
  ["services"],
  ["services", "*", "depends_on"],
  ["volumes"],
  ["networks"],
  ["secrets"],
  ["configs"],
];

function isNamed(path: readonly string[]): boolean {
  return NAMED.some(
    (pattern) => pattern.length === path.length && pattern.every((key, i) => key === "*" || key === path[i]),
  );
}

/**
 * Puts the `x-…` keys of every mapping apart, as Compose does before it types the model. It does so in mappings of free
 * names too: `environment: {x-a: 1}` loses `x-a`.
 */
export function setExtensionsApart(root: MapNode): MapNode {
  return inMap(root, []);
}

function inMap(node: MapNode, path: readonly string[]): MapNode {
  const named = isNamed(path);
  let extensions: Map<string, Node> | undefined;
  let entries: Map<string, Node> | undefined;
  for (const [key, value] of node.entries) {
    if (!named && key.startsWith("x-")) {
      extensions ??= new Map();
      extensions.set(key, value);
      entries ??= new Map(node.entries);
      entries.delete(key);
      continue;
    }
    const inside = inValue(value, path, key);
    if (inside === value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, inside);
  }
  if (entries === undefined) return node;
  if (extensions !== undefined) entries.set(EXTENSIONS, map(extensions, node.origin));
  return map(entries, node.origin);
}

function inValue(node: Node, path: readonly string[], key: string): Node {
  if (node.kind === "map") return inMap(node, path.length < 4 ? [...path, key] : path);
  return node.kind === "list" ? inList(node) : node;
}

/** Below a list no place is named; a path that is too long says so. */
const DEEP = ["", "", "", ""];

function inList(node: ListNode): ListNode {
  let changed = false;
  const items = node.items.map((item) => {
    const inside = item.kind === "map" ? inMap(item, DEEP) : item;
    changed ||= inside !== item;
    return inside;
  });
  return changed ? list(items, node.origin) : node;
}
