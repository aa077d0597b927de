/** One node of a JSON schema, as far as the Compose schema uses the language. */
export interface SchemaNode {
  $schema?: string;
  $id?: string;
  $ref?: string;
  title?: string;
  description?: string;
  deprecated?: boolean;
  default?: boolean;
  type?: string | string[];
  enum?: string[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  required?: string[];
  properties?: Record<string, SchemaNode>;
  patternProperties?: Record<string, SchemaNode>;
  additionalProperties?: boolean;
  items?: SchemaNode;
  uniqueItems?: boolean;
  oneOf?: SchemaNode[];
  /** Two keys of which a mapping needs one at least. */
  anyOf?: readonly [{ required: readonly [string] }, { required: readonly [string] }];
  definitions?: Record<string, SchemaNode>;
  /** The first release of Docker Compose that knows a key of the mapping. */
  "x-since"?: Record<string, string>;
}

/** The pattern under which a mapping takes anything: extension fields. */
export const EXTENSION = "^x-";

const REF = "#/definitions/";

/** The node that a `$ref` stands for; any other node is itself. */
export function resolve(root: SchemaNode, node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const target = root.definitions?.[node.$ref.slice(REF.length)];
  if (!node.$ref.startsWith(REF) || target === undefined) throw new Error(`schema: nothing at ${node.$ref}`);
  return target;
}

/** The alternatives of a node (itself when it has none), every `$ref` resolved, nested alternatives laid flat. */
export function alternatives(root: SchemaNode, node: SchemaNode): SchemaNode[] {
  const target = resolve(root, node);
  return target.oneOf === undefined ? [target] : target.oneOf.flatMap((one) => alternatives(root, one));
}

export function typesOf(node: SchemaNode): string[] {
  if (node.type === undefined) return [];
  return typeof node.type === "string" ? [node.type] : node.type;
}

/** What a mapping with free keys holds: the pattern of its keys and the node of its values. */
export function entriesOf(node: SchemaNode): [pattern: string, value: SchemaNode] | undefined {
  return Object.entries(node.patternProperties ?? {}).find(([pattern]) => pattern !== EXTENSION);
}
