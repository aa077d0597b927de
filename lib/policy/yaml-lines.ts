import { parseYaml, type YamlNode } from "../compose/yaml/parser";
import { memoize } from "../construct/memoize";

/** A value, and the line of the key or the list entry that it stands at. */
interface Place {
  readonly node: YamlNode;
  readonly line: number;
}

/**
 * Lines of a YAML text, from 1, by keys that lead to a value; of several documents in the last that has it. An entry of a list also has
 * names, as `A` of `A=1`, since Compose makes mappings of lists and puts lists of several files together. What an alias or `<<` brings
 * has the line where it is written. What cannot be read has no lines.
 */
export class YamlLines {
  private readonly documents: readonly YamlNode[];

  constructor(text: string) {
    this.documents = parseYaml(text).documents.toReversed();
  }

  of(keys: readonly string[]): number | undefined {
    for (const document of this.documents) {
      let place: Place | undefined = { node: document, line: document.line };
      for (const key of keys) place = place && placesIn(place.node).get(key);
      if (place !== undefined) return place.line;
    }
    return undefined;
  }
}

/** What an entry of a list is called: itself, its variable or label, its host path. */
function namesOf(entry: string): readonly string[] {
  return [entry, entry.replace(/=.*/s, ""), entry.replace(/:.*/s, "")];
}

/** What stands in a node, and then what it merges, each once. */
const placesIn = memoize((start: YamlNode): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>();
  const add = (key: string, { line }: YamlNode, node: YamlNode) => {
    if (!places.has(key)) places.set(key, { node, line });
  };
  const seen = new Set<YamlNode>();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = next.kind === "alias" ? next.target : next;
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "mapping") {
      for (const [key, value] of node.entries) {
        const name = key.kind === "scalar" ? key.value : "";
        if (name !== "<<") add(name, key, value);
        else open.push(...(value.kind === "sequence" ? value.items.toReversed() : [value]));
      }
    } else if (node.kind === "sequence") {
      for (const [index, item] of node.items.entries()) add(String(index), item, item);
      for (const item of node.items) {
        if (item.kind === "scalar") for (const name of namesOf(item.value)) add(name, item, item);
      }
    }
  }
  return places;
});
