import { alternatives, type SchemaNode, typesOf } from "./node";

/** A node without alternatives: each keyword bears on one type only, so that a value gets only its own side's errors. */
export interface FlatNode
  extends Omit<
    SchemaNode,
    "type" | "oneOf" | "anyOf" | "x-since" | "properties" | "patternProperties" | "items" | "definitions"
  > {
  type?: string[];
  properties?: Record<string, FlatNode>;
  patternProperties?: Record<string, FlatNode>;
  items?: FlatNode;
  definitions?: Record<string, FlatNode>;
  if?: { not: { type: string } } | { required: readonly string[] };
  else?: FlatNode | { required: readonly string[] };
}

/**
 * Rewrites a schema so that it has no `oneOf`: the Compose schema only ever uses it between values of different types,
 * where the alternatives can be laid over each other. `{oneOf: [string, mapping of …]}` becomes `{type: [string,
 * object], properties: …}`, which accepts the same documents and names the one thing that is wrong with a bad one.
 */
export function flatten(root: SchemaNode): FlatNode {
  const each = (nodes: Record<string, SchemaNode>): Record<string, FlatNode> =>
    Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, walk(node)]));

  const side = (node: SchemaNode): FlatNode => {
    const {
      properties,
      patternProperties,
      items,
      definitions,
      oneOf: _,
      type: __,
      "x-since": ___,
      anyOf,
      ...rest
    } = node;
    return {
      ...rest,
      ...(properties && { properties: each(properties) }),
      ...(patternProperties && { patternProperties: each(patternProperties) }),
      ...(items && { items: walk(items) }),
      ...(definitions && { definitions: each(definitions) }),
      ...(node.type !== undefined && { type: typesOf(node) }),
      // Of two keys the second is missing when neither is there: one error, where `anyOf` has three.
      ...(anyOf && { if: anyOf[0], else: anyOf[1] }),
    };
  };

  const walk = (node: SchemaNode): FlatNode => {
    if (node.$ref !== undefined) return { $ref: node.$ref };
    if (node.oneOf === undefined) return side(node);
    return alternatives(root, node).map(side).map(guarded).reduce(overlay);
  };

  return walk(root);
}

/** An `enum` would bear on every type: among alternatives it is asked of its own type only. */
function guarded(node: FlatNode): FlatNode {
  const { enum: values, type, ...rest } = node;
  const [only] = type ?? [];
  if (values === undefined || only === undefined || type === undefined) return node;
  return { ...rest, type, if: { not: { type: only } }, else: { enum: values } };
}

function overlay(left: FlatNode, right: FlatNode): FlatNode {
  const types = [...(left.type ?? []), ...(right.type ?? [])];
  const clash = Object.keys(right).find((keyword) => keyword !== "type" && keyword in left);
  const overlap = new Set(types).size < types.length || (types.includes("number") && types.includes("integer"));
  if (overlap || clash !== undefined)
    throw new Error(`schema: alternatives of ${types.join(", ")} share ${clash ?? "a type"}`);
  return { ...left, ...right, type: types };
}
