import type { SchemaNode } from "./node";

const PROSE: readonly string[] = ["$schema", "$id", "title", "description", "deprecated", "default"];

/** A copy of a schema with only what decides whether a document is valid. */
export function withoutProse(root: SchemaNode): SchemaNode {
  const copy = structuredClone(root);
  const strip = (node: SchemaNode) => {
    for (const keyword of Object.keys(node)) if (PROSE.includes(keyword)) Reflect.deleteProperty(node, keyword);
    const { properties = {}, patternProperties = {}, definitions = {}, items, oneOf = [] } = node;
    const inner = [properties, patternProperties, definitions].flatMap((table) => Object.values(table));
    for (const each of [...inner, ...oneOf, ...(items ? [items] : [])]) strip(each);
  };
  strip(copy);
  return copy;
}
