import { alternatives, entriesOf, type SchemaNode, typesOf } from "./node";

/**
 * Where a node of the schema stands, written as a document's path: `services.*.ports[].target`. `*` is any key of a
 * mapping with free keys, `[]` any item of a list, `#name` the definition of that name, and the empty text the whole
 * document. A `$ref` or an alternative on the way is followed to the side that has the next step.
 */
export type Place = string;

/** A node together with the hand that holds it, so that it can be replaced or removed there. */
export interface Found {
  readonly node: SchemaNode;
  readonly put: (node: SchemaNode) => void;
}

type Step = (node: SchemaNode) => Found | undefined;

const found = (holder: Record<string, SchemaNode> | undefined, key: string): Found | undefined => {
  const node = holder !== undefined && Object.hasOwn(holder, key) ? holder[key] : undefined;
  if (holder === undefined || node === undefined) return undefined;
  const put = (other: SchemaNode) => {
    holder[key] = other;
  };
  return { node, put };
};

const item: Step = (node) => {
  if (node.items === undefined) return undefined;
  const put = (other: SchemaNode) => {
    node.items = other;
  };
  return { node: node.items, put };
};

const entry: Step = (node) => {
  const pair = entriesOf(node);
  return pair && found(node.patternProperties, pair[0]);
};

const property =
  (key: string): Step =>
  (node) =>
    found(node.properties, key);

function steps(place: Place): Step[] {
  return place
    .split(/\.|(?=\[\])/)
    .filter((word) => word !== "")
    .map((word) => (word === "[]" ? item : word === "*" ? entry : property(word)));
}

/** Finds the node at a place; a place that the schema does not have is an error. */
export function locate(root: SchemaNode, place: Place): Found {
  const [, definition, rest] = /^#(\w+)(.*)$/.exec(place) ?? [undefined, undefined, place];
  const start: Found | undefined =
    definition === undefined ? { node: root, put: () => undefined } : found(root.definitions, definition);
  let here = start;
  for (const step of steps(rest ?? "")) {
    if (here === undefined) break;
    here = alternatives(root, here.node)
      .map(step)
      .find((next) => next !== undefined);
  }
  if (here === undefined) throw new Error(`schema: there is no place "${place}"`);
  return here;
}

/** The one alternative of a node that is a mapping, or a list; an error when there is none. */
export function side(root: SchemaNode, place: Place, type: "object" | "array"): SchemaNode {
  const node = alternatives(root, locate(root, place).node).find((one) => typesOf(one).includes(type));
  if (node === undefined) throw new Error(`schema: "${place}" is never of type ${type}`);
  return node;
}
