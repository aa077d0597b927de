import { type ListNode, list, type MapNode, map, type Node } from "./node";

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
  const extensions = new Map<string, Node>();
  let changed = false;
  const entries = new Map<string, Node>();
  for (const [key, value] of node.entries) {
    if (!named && key.startsWith("x-")) {
      extensions.set(key, value);
      continue;
    }
    const inside = inValue(value, path, key);
    changed ||= inside !== value;
    entries.set(key, inside);
  }
  if (extensions.size > 0) entries.set(EXTENSIONS, map(extensions, node.origin));
  return changed || extensions.size > 0 ? map(entries, node.origin) : node;
}

function inValue(node: Node, path: readonly string[], key: string): Node {
  if (node.kind === "map") return inMap(node, path.length < 3 ? [...path, key] : path);
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
