import { keysOf, type Path } from "../tree/rules";
import type { YamlNode } from "../yaml/parser";

/** Cannot stand in a key that anybody types. */
const BETWEEN = "\0";

interface Visited {
  readonly paths: string[];
  readonly known: Set<string>;
  /** Paths of all that the paths lie in. */
  readonly above: Set<string>;
}

/**
 * Where aliases lead to each node. Compose takes two places for a cycle when one lies in the other, even where the outer one
 * is a merge key beside the inner one: `{<<: *a, b: *a}`.
 */
export class AliasVisits {
  private readonly visited = new Map<YamlNode, Visited>();

  /** Notes a place. The earlier one with which Compose would take it for a cycle, if there is one: its keys. */
  add(target: YamlNode, path: Path | undefined): readonly string[] | undefined {
    const keys = keysOf(path);
    if (keys.length === 0) return undefined;
    const before = this.visited.get(target) ?? { paths: [], known: new Set(), above: new Set() };
    this.visited.set(target, before);
    const here = keys.join(BETWEEN);
    const outer = keys.slice(1).map((_, at) => keys.slice(0, at + 1).join(BETWEEN));
    const isNested = before.above.has(here) || outer.some((one) => before.known.has(one));
    if (isNested && !before.known.has(here)) {
      const first = before.paths.find((one) => one.startsWith(here + BETWEEN) || here.startsWith(one + BETWEEN));
      if (first !== undefined) return first.split(BETWEEN);
    }
    before.paths.push(here);
    before.known.add(here);
    for (const one of outer) before.above.add(one);
    return undefined;
  }
}
