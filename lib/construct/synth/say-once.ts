import { Commented, isCommented, isList, isMap, isTagged, Tagged, type YamlNode } from "../../compose/emit/emit";
import { setOwn } from "../../spec/value";
import { DEMAND } from "../env-var";

/** Long texts that a file, or a part of it, has said. */
export interface Said {
  readonly comments: Set<string>;
  readonly variables: Set<string>;
}

const DEMANDED = new RegExp(String.raw`(?<!\$)\$\{(\w+):\?${DEMAND}: [^{}]*\}`, "g");

/**
 * A node in which nothing is explained twice, in the order of the file: a variable is demanded, with its meaning for
 * Compose's message, where it stands first, and a comment is left out where the same stands above it. What has nothing to
 * leave out is not copied.
 */
export function saidOnce(node: YamlNode, said: Said): YamlNode {
  if (typeof node === "string") return node.includes("${") ? demandedOnce(node, said) : node;
  if (typeof node !== "object" || node === null) return node;
  if (isCommented(node)) {
    const isKnown = said.comments.has(node.comment);
    said.comments.add(node.comment);
    const value = saidOnce(node.value, said);
    if (isKnown) return value;
    return value === node.value ? node : new Commented(node.comment, value);
  }
  if (isTagged(node)) {
    const value = saidOnce(node.value, said);
    return value === node.value ? node : new Tagged(node.tag, value);
  }
  if (isList(node)) {
    const items = node.map((item) => saidOnce(item, said));
    return items.some((item, index) => item !== node[index]) ? items : node;
  }
  if (!isMap(node)) return node;
  let changed: { [key: string]: YamlNode } | undefined;
  for (const [key, value] of Object.entries(node)) {
    const once = saidOnce(value, said);
    if (once === value) continue;
    changed ??= { ...node };
    setOwn(changed, key, once);
  }
  return changed ?? node;
}

function demandedOnce(text: string, { variables }: Said): string {
  return text.replace(DEMANDED, (whole, name: string) => {
    // Compose looks at values in any order: a second demand, with fewer words, could be the one that it tells.
    if (variables.has(whole)) return `\${${name}}`;
    variables.add(whole);
    return whole;
  });
}
