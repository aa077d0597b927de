import { isNull, type MapNode, map, type Node, sameValue } from "../tree/node";
import { below, type Path } from "../tree/rules";

/** What the merge of pools takes from that of everything else. */
export interface PoolRules {
  readonly path: Path | undefined;
  /** A pool as a mapping; from a list of names, a new one each time. */
  readonly asMapping: (pool: Node) => MapNode;
  /** Two values, not both of them mappings, as one. */
  readonly merge: (base: Node, over: Node, path: Path) => Node;
}

/**
 * Pools of addresses merge by `subnet`, in a way of its own: a pool of the base without a counterpart is gone, and what
 * it had can go over into new pools. The reference merges them again and again, in place, and what a pool has taken from
 * a later file it changes there, too. So this works on copies of its own that it changes in place.
 */
export function mergePools(base: readonly Node[], over: readonly Node[], rules: PoolRules): readonly Node[] {
  const later = over.map(copyOf);
  const result: MapNode[] = [];
  const indexOf = (pool: MapNode) => result.findIndex((other) => sameSubnet(other, pool));
  for (const original of base) {
    const pool = rules.asMapping(copyOf(original));
    for (const item of later) {
      const next = rules.asMapping(item);
      if (!sameSubnet(next, pool) && indexOf(next) < 0) {
        result.push(next);
        continue;
      }
      mergeInto(pool, next, rules, rules.path);
      const index = indexOf(pool);
      if (index < 0) result.push(pool);
      else result[index] = pool;
    }
  }
  return result;
}

function copyOf(node: Node): Node {
  return node.kind === "map"
    ? map(new Map([...node.entries].map(([key, value]) => [key, copyOf(value)])), node.origin)
    : node;
}

/** Both are copies, and may be the same one. */
function mergeInto({ entries }: MapNode, over: MapNode, rules: PoolRules, path: Path | undefined): void {
  if (!(entries instanceof Map)) return;
  for (const [key, value] of over.entries) {
    const before = entries.get(key);
    const place = below(path, key);
    if (before?.kind === "map" && value.kind === "map") mergeInto(before, value, rules, place);
    else entries.set(key, before === undefined ? value : rules.merge(before, value, place));
  }
}

function sameSubnet(a: MapNode, b: MapNode): boolean {
  const [x, y] = [a.entries.get("subnet"), b.entries.get("subnet")];
  return x === undefined || y === undefined ? isAbsent(x) && isAbsent(y) : sameValue(x, y);
}

function isAbsent(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}
