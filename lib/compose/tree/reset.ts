import { type MapNode, mapValues, type Node } from "./node";

interface Cleared {
  end: boolean;
  readonly keys: Map<string, Cleared>;
}

function treeOf(paths: readonly (readonly string[])[]): Cleared {
  const root: Cleared = { end: false, keys: new Map() };
  for (const path of paths) {
    let at = root;
    for (const key of path) {
      const next: Cleared = at.keys.get(key) ?? { end: false, keys: new Map() };
      at.keys.set(key, next);
      at = next;
    }
    at.end = true;
  }
  return root;
}

/** Takes away what a later document resets or overrides. Only mapping keys match: lists are not entered by position. */
export function clearPaths(root: MapNode, paths: readonly (readonly string[])[]): MapNode {
  return paths.length === 0 ? root : clear(root, treeOf(paths));
}

function clear(node: MapNode, cleared: Cleared): MapNode {
  const inside = mapValues(node, (value, key): Node => {
    const next = cleared.keys.get(key) ?? cleared.keys.get("*");
    return value.kind === "map" && next !== undefined ? clear(value, next) : value;
  });
  const kept = [...inside.entries].filter(
    ([key]) => !(cleared.keys.get(key)?.end ?? false) && !(cleared.keys.get("*")?.end ?? false),
  );
  return kept.length === inside.entries.size ? inside : { ...inside, entries: new Map(kept) };
}
