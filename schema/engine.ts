import { alternatives, entriesOf, type SchemaNode, typesOf } from "./node";

/** Where Docker Compose 2.40 says something else than today's specification; see `lib/spec/engine.ts`. */
interface Differences {
  readonly unknownKeys: { readonly at: readonly string[]; readonly keys: readonly string[] }[];
  readonly moreTypes: { readonly at: readonly string[]; readonly types: readonly string[] }[];
}

/**
 * Compares two schemas, side by side. The library's one validator speaks for both, so only such differences may exist
 * as it can bridge: keys that the engine does not know, and types that it takes besides. Any other is an error.
 */
export function engineDifferences(spec: SchemaNode, engine: SchemaNode): Differences {
  const unknownKeys: Differences["unknownKeys"] = [];
  const moreTypes: Differences["moreTypes"] = [];

  const compare = (left: SchemaNode, right: SchemaNode, at: readonly string[]) => {
    const ours = alternatives(spec, left);
    const theirs = alternatives(engine, right);
    const known = ours.flatMap(typesOf);
    const more = theirs.flatMap(typesOf).filter((type) => !known.includes(type));
    if (more.length > 0) moreTypes.push({ at, types: more });
    for (const one of ours) {
      const other = theirs.find((side) => typesOf(one).every((type) => typesOf(side).includes(type)));
      if (other === undefined) throw new Error(`schema: the engine lacks a form of ${at.join(".")}`);
      compareSides(one, other, at);
    }
  };

  const compareSides = (left: SchemaNode, right: SchemaNode, at: readonly string[]) => {
    if (keywords(left) !== keywords(right)) throw new Error(`schema: the engine constrains ${at.join(".")} otherwise`);
    const unknown: string[] = [];
    for (const [key, value] of Object.entries(left.properties ?? {})) {
      const other = right.properties?.[key];
      if (other === undefined) unknown.push(key);
      else compare(value, other, [...at, key]);
    }
    if (unknown.length > 0) unknownKeys.push({ at, keys: unknown });
    const more = Object.keys(right.properties ?? {}).filter((key) => left.properties?.[key] === undefined);
    if (more.length > 0) throw new Error(`schema: the engine knows ${more.join(", ")} of ${at.join(".")}`);
    const [ours, theirs] = [entriesOf(left), entriesOf(right)];
    if (ours?.[0] !== theirs?.[0]) throw new Error(`schema: the engine names ${at.join(".")} otherwise`);
    if (ours && theirs) compare(ours[1], theirs[1], [...at, "*"]);
    if (left.items && right.items) compare(left.items, right.items, [...at, "[]"]);
  };

  compare(spec, engine, []);
  return { unknownKeys, moreTypes };
}

function keywords({
  required,
  pattern,
  minimum,
  maximum,
  uniqueItems,
  additionalProperties,
  ...node
}: SchemaNode): string {
  return JSON.stringify([node.enum, required, pattern, minimum, maximum, uniqueItems, additionalProperties]);
}
