import { copyOf, type MapNode, map, mapItems, type Node } from "../tree/node";
import { type Rules, rulesOf, step } from "../tree/rules";

/** The key under which a mapping's own `x-…` keys stand from here on, as Compose calls it. */
export const EXTENSIONS = "#extensions";

/** Mappings whose keys are names that people choose: there an `x-…` key is a name like any other. */
const NAMED = rulesOf<true>({
  services: true,
  "services.*.depends_on": true,
  volumes: true,
  networks: true,
  secrets: true,
  configs: true,
});

/**
 * Puts the `x-…` keys of every mapping apart, as Compose does before it types the model. It does so in mappings of free
 * names too: `environment: {x-a: 1}` loses `x-a`.
 */
export function setExtensionsApart(root: MapNode): MapNode {
  return inMap(root, NAMED);
}

function inMap(node: MapNode, names: Rules<true> | undefined): MapNode {
  const named = names?.rule === true;
  let extensions: Map<string, Node> | undefined;
  let entries: Map<string, Node> | undefined;
  for (const [key, value] of node.entries) {
    if (!named && key.startsWith("x-")) {
      extensions ??= new Map();
      extensions.set(key, value);
      entries ??= copyOf(node.entries);
      entries.delete(key);
      continue;
    }
    const inside = inValue(value, step(names, key));
    if (inside === value) continue;
    entries ??= copyOf(node.entries);
    entries.set(key, inside);
  }
  if (entries === undefined) return node;
  if (extensions !== undefined) entries.set(EXTENSIONS, map(extensions, node.origin));
  return map(entries, node.origin);
}

function inValue(node: Node, names: Rules<true> | undefined): Node {
  if (node.kind === "map") return inMap(node, names);
  return node.kind === "list" ? mapItems(node, inItem) : node;
}

/** Below a list no place is named. */
function inItem(item: Node): Node {
  return item.kind === "map" ? inMap(item, undefined) : item;
}
