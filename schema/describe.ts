import type { SchemaNode } from "./node";
import { side } from "./place";
import { ALIASES, CHAPTERS } from "./text";

/**
 * Writes the texts into a schema and puts the keys of every mapping into the order of the specification's text. A
 * text without its key, and a key without a text, is an error.
 */
export function describe(root: SchemaNode): void {
  const known = new Map<SchemaNode, SchemaNode>();
  /** A node that two mappings share stays one where they describe it alike. */
  const described = (node: SchemaNode, description: string): SchemaNode => {
    const other = known.get(node);
    if (other?.description === description) return other;
    const own = { ...node, description };
    if (other === undefined) known.set(node, own);
    return own;
  };
  for (const { at, doc } of CHAPTERS) side(root, at, "object").description = doc;
  for (const { at, keys } of CHAPTERS) {
    const mapping = side(root, at, "object");
    const properties = mapping.properties ?? {};
    const ordered = Object.entries(keys).map(([key, text]): [string, SchemaNode] => {
      const node = properties[key];
      if (node === undefined) throw new Error(`schema: "${at}" has no key "${key}" to describe`);
      return [key, described(node, text)];
    });
    const silent = Object.keys(properties).filter((key) => !Object.hasOwn(keys, key));
    if (silent.length > 0) throw new Error(`schema: nothing describes ${silent.join(", ")} of "${at}"`);
    mapping.properties = Object.fromEntries(ordered);
  }
  for (const [name, [, doc]] of Object.entries(ALIASES)) {
    const definition = root.definitions?.[name];
    if (definition === undefined) throw new Error(`schema: there is no definition "${name}" to describe`);
    definition.description = doc;
  }
}
