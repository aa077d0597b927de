import type { SchemaNode } from "./node";

/** Whether a node is worth a definition: it has something inside. */
const holds = ({ properties, patternProperties, items, oneOf }: SchemaNode) =>
  properties !== undefined || patternProperties !== undefined || items !== undefined || oneOf !== undefined;

const tablesOf = ({ definitions, properties, patternProperties }: SchemaNode) =>
  [definitions, properties, patternProperties].filter((table) => table !== undefined);

/** A copy in which a node that stands in several places is written once, as a definition of its own. */
export function hoist(schema: SchemaNode): SchemaNode {
  const root = structuredClone(schema);
  const definitions: Record<string, SchemaNode> = root.definitions ?? {};
  root.definitions = definitions;
  const seen = new Set<SchemaNode>();
  const shared = new Map<SchemaNode, string>();
  const count = (node: SchemaNode, name: string) => {
    if (seen.has(node)) {
      if (holds(node)) shared.set(node, name);
      return;
    }
    seen.add(node);
    for (const table of tablesOf(node)) for (const [key, inner] of Object.entries(table)) count(inner, key);
    for (const inner of [...(node.oneOf ?? []), ...(node.items ? [node.items] : [])]) count(inner, name);
  };
  count(root, "document");
  const refer = (node: SchemaNode): SchemaNode => {
    const name = shared.get(node);
    return name === undefined ? node : { $ref: `#/definitions/shared_${name}` };
  };
  for (const node of seen) {
    for (const table of tablesOf(node)) for (const [key, inner] of Object.entries(table)) table[key] = refer(inner);
    if (node.items !== undefined) node.items = refer(node.items);
    if (node.oneOf !== undefined) node.oneOf = node.oneOf.map(refer);
  }
  for (const [node, name] of shared) {
    const own = `shared_${name}`;
    if (definitions[own] !== undefined) throw new Error(`schema: two definitions "${own}"`);
    definitions[own] = node;
  }
  return root;
}
