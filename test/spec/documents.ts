import fc from "fast-check";
import { alternatives, entriesOf, type SchemaNode, typesOf } from "../../schema/node";

/** Values of every type, and keys that nobody defined. */
const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e21, "", "a", "a/b", "all", "host", "z", [], {}, [[]], [null], {
    a: 1,
  }),
  fc.constantFrom<unknown>({ "x-a": {} }, { "": 1 }, { condition: "service_healthy" }, { type: "bind" }, ["a", "a"]),
  fc.jsonValue({ maxDepth: 2 }),
);
const ODD_KEYS = fc.constantFrom("x-note", "X-note", "unknown", "", "a b", "__proto__", "constructor", "a/b~c", "0");
const NAMES = fc.constantFrom("web", "db", "a.b", "a-b", "nofile", "10", "constructor");

/**
 * Documents that are nearly right by a schema: mostly what it asks for, and now and then something else. `junk` is how
 * many of a thousand values are.
 */
export function nearlyRight(root: SchemaNode, junk: number): fc.Arbitrary<unknown> {
  const likely = (node: SchemaNode): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: junk, arbitrary: JUNK },
      { weight: 1000 - junk, arbitrary: fc.oneof(...alternatives(root, node).map(rightValue)) },
    );

  const rightValue = (node: SchemaNode): fc.Arbitrary<unknown> => {
    if (node.enum !== undefined) return fc.constantFrom(...node.enum);
    const types = typesOf(node);
    return types.length === 0 ? JUNK : fc.oneof(...types.map((type) => ofType(type, node)));
  };

  const ofType = (type: string, node: SchemaNode): fc.Arbitrary<unknown> => {
    if (type === "object") return mappingOf(node);
    if (type === "array") return fc.array(later(node.items ?? {}), { maxLength: 3, size: "max" });
    if (type === "integer") return fc.integer({ min: node.minimum ?? -2, max: node.maximum ?? 5000 });
    if (type === "number") return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    if (type === "boolean") return fc.boolean();
    if (type === "null") return fc.constant(null);
    return node.pattern === undefined ? fc.constantFrom("a", "b", "80", "${X}") : fc.constantFrom("ab", "always", "/");
  };

  const mappingOf = (node: SchemaNode): fc.Arbitrary<unknown> => {
    const properties = Object.entries(node.properties ?? {});
    const free = entriesOf(node);
    const known = properties.map(([key, value]) => later(value).map((content): [string, unknown] => [key, content]));
    const named = free === undefined ? [] : [fc.tuple(NAMES, later(free[1]))];
    const entry = [...known, ...named];
    const some = entry.length === 0 ? fc.constant([]) : fc.array(fc.oneof(...entry), { maxLength: 10, size: "max" });
    const required = (node.required ?? []).map((key) => known[properties.findIndex(([name]) => name === key)]);
    const needed = fc.tuple(...required.flatMap((entry) => (entry === undefined ? [] : [entry])));
    const odd = fc.oneof(
      { weight: junk, arbitrary: fc.array(fc.tuple(ODD_KEYS, JUNK), { minLength: 1, maxLength: 2 }) },
      { weight: 1000 - junk, arbitrary: fc.constant([]) },
    );
    const lacking = fc.integer({ min: 0, max: 999 }).map((draw) => draw < junk);
    return fc.tuple(needed, some, odd, lacking).map(([must, may, extra, less]) => {
      const entries = [...(less ? [] : must), ...may, ...extra];
      return Object.fromEntries(entries);
    });
  };

  const made = new Map<SchemaNode, fc.Arbitrary<unknown>>();
  const later = (node: SchemaNode): fc.Arbitrary<unknown> => {
    const known = made.get(node) ?? likely(node);
    made.set(node, known);
    return known;
  };
  const service = later({ $ref: "#/definitions/service" });
  return fc.oneof(
    later(root),
    service.map((web) => ({ services: { web } })),
  );
}
