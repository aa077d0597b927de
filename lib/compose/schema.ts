import specification from "../spec/generated/compose-spec.json";
import { ComposeError } from "./error";
import { formatFloat, quote } from "./gotext";
import { type MapNode, type Node, type ScalarNode, typeName } from "./node";
import type { Version } from "./version";

/** The keywords of JSON Schema that the Compose Specification uses. */
interface Keywords {
  readonly types?: readonly string[];
  readonly values?: readonly unknown[];
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, Shape>;
  readonly patterns: readonly (readonly [RegExp, Shape])[];
  readonly closed: boolean;
  readonly items?: Shape;
  readonly unique: boolean;
  readonly oneOf?: readonly Shape[];
}

/** A part of the schema, read when a value first meets it: few projects use a tenth of the attributes. */
class Shape {
  private read: Keywords | undefined;

  constructor(private readonly compile: () => Keywords) {}

  get keywords(): Keywords {
    this.read ??= this.compile();
    return this.read;
  }
}

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
  readonly node: Node;
  /** How specific the mistake is: of several, the deepest one is reported. */
  readonly depth: number;
}

interface JsonSchema {
  readonly [keyword: string]: unknown;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Follows `$ref` and keeps what this file reads; every definition is built once. */
class Compiler {
  private readonly built = new Map<unknown, Shape>();

  constructor(private readonly root: JsonSchema) {}

  shape(schema: unknown): Shape {
    const { $ref } = isObject(schema) ? schema : { $ref: undefined };
    const target = isText($ref) ? this.definition($ref) : schema;
    const known = this.built.get(target);
    if (known !== undefined) return known;
    const shape = new Shape(() => this.build(isObject(target) ? target : {}));
    this.built.set(target, shape);
    return shape;
  }

  private definition(ref: string): unknown {
    let at: unknown = this.root;
    for (const key of ref.split("/").slice(1)) at = isObject(at) ? at[key] : undefined;
    return at;
  }

  private build(schema: JsonSchema): Keywords {
    const { type, pattern, minimum, maximum, required, items, oneOf } = schema;
    const types = isText(type) ? [type] : Array.isArray(type) ? type.filter(isText) : undefined;
    const named = (table: unknown) =>
      isObject(table) ? Object.entries(table).filter(([, value]) => value !== undefined) : [];
    return {
      ...(types === undefined ? {} : { types }),
      ...(Array.isArray(schema.enum) ? { values: schema.enum } : {}),
      ...(isText(pattern) ? { pattern: new RegExp(pattern, "u") } : {}),
      ...(typeof minimum === "number" ? { minimum } : {}),
      ...(typeof maximum === "number" ? { maximum } : {}),
      required: Array.isArray(required) ? required.filter(isText) : [],
      properties: new Map(named(schema.properties).map(([key, value]) => [key, this.shape(value)])),
      patterns: named(schema.patternProperties).map(
        ([key, value]) => [unicodePattern(key), this.shape(value)] as const,
      ),
      closed: schema.additionalProperties === false,
      ...(items === undefined ? {} : { items: this.shape(items) }),
      unique: schema.uniqueItems === true,
      ...(Array.isArray(oneOf) ? { oneOf: oneOf.map((alternative) => this.shape(alternative)) } : {}),
    };
  }
}

/** A pattern of the schema; `[._-]` is legal with the flag `u`, a needless escape is not. */
function unicodePattern(source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source);
  }
}

/** The specification as Compose 2.40 knows it: without `pre_start`, and with models that can be null. */
function asOf240(schema: JsonSchema): JsonSchema {
  const withoutSteps = change(schema, ["definitions", "service", "properties", "pre_start"], () => undefined);
  return change(
    withoutSteps,
    ["definitions", "service", "properties", "models", "oneOf", "1", "patternProperties"],
    (table) =>
      isObject(table)
        ? Object.fromEntries(Object.entries(table).map(([key, value]) => [key, { oneOf: [value, { type: "null" }] }]))
        : table,
  );
}

/** A copy in which one place is another; nothing around it is touched. */
function change(
  schema: JsonSchema,
  [key = "", ...rest]: readonly string[],
  by: (value: unknown) => unknown,
): JsonSchema {
  const value = schema[key];
  if (rest.length === 0) return { ...schema, [key]: by(value) };
  if (Array.isArray(value)) {
    const [index = "", ...deeper] = rest;
    const inside = value.map((item, i) => (String(i) === index && isObject(item) ? change(item, deeper, by) : item));
    return { ...schema, [key]: inside };
  }
  return isObject(value) ? { ...schema, [key]: change(value, rest, by) } : schema;
}

const shapes = new Map<Version, Shape>();

function shapeOf(version: Version): Shape {
  let shape = shapes.get(version);
  if (shape === undefined) {
    const schema: JsonSchema = version === "5" ? specification : asOf240(specification);
    shape = new Compiler(schema).shape(schema);
    shapes.set(version, shape);
  }
  return shape;
}

function isInteger(node: ScalarNode): boolean {
  return typeof node.value === "bigint" || Number.isInteger(node.value);
}

function hasType(node: Node, types: readonly string[]): boolean {
  if (node.kind === "map") return types.includes("object");
  if (node.kind === "list") return types.includes("array");
  switch (node.type) {
    case "null":
      return types.includes("null");
    case "bool":
      return types.includes("boolean");
    case "string":
      return types.includes("string");
    case "time":
      return false;
    default:
      return types.includes("number") || (types.includes("integer") && isInteger(node));
  }
}

/** The first two positions of a list that hold equal values. */
function repeated(items: readonly Node[]): readonly [number, number] | undefined {
  const seen = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const key = item.kind === "scalar" ? String(item.value) : `${item.kind}:${size(item)}`;
    const before = seen.get(key);
    const first = before?.find((other) => equals(item, items[other]));
    if (first !== undefined) return [first, index];
    if (before === undefined) seen.set(key, [index]);
    else before.push(index);
  }
  return undefined;
}

function size(node: Node): number {
  return node.kind === "map" ? node.entries.size : node.kind === "list" ? node.items.length : 0;
}

/** As the reference compares: a number is equal to a text that reads like it, a text to a text alone. */
function equals(a: Node, b: Node | undefined): boolean {
  if (b === undefined) return false;
  if (a.kind === "list") {
    return (
      b.kind === "list" && a.items.length === b.items.length && a.items.every((item, i) => equals(item, b.items[i]))
    );
  }
  if (a.kind === "map") {
    if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
    for (const [key, value] of a.entries) if (!equals(value, b.entries.get(key))) return false;
    return true;
  }
  if (b.kind !== "scalar") return false;
  return a.value === b.value || (typeof a.value === "number" && b.type === "string" && String(a.value) === b.value);
}

function outOfRange(shape: Keywords, node: Node): boolean {
  if (node.kind !== "scalar" || (typeof node.value !== "number" && typeof node.value !== "bigint")) return false;
  return (
    (shape.minimum !== undefined && node.value < shape.minimum) ||
    (shape.maximum !== undefined && node.value > shape.maximum)
  );
}

function* childrenOf(shape: Keywords, node: MapNode): Generator<readonly [string, Node, readonly Shape[]]> {
  for (const [key, value] of node.entries) {
    const property = shape.properties.get(key);
    const matching = shape.patterns.filter(([pattern]) => pattern.test(key)).map(([, inner]) => inner);
    yield [key, value, property === undefined ? matching : [property, ...matching]];
  }
}

/** Whether a value is of a shape: fast, without a word about why not. */
function fits({ keywords: shape }: Shape, node: Node): boolean {
  if (node.kind === "scalar") {
    if (node.type === "time") return shape.types === undefined && shape.oneOf === undefined;
    if (shape.types !== undefined && !hasType(node, shape.types)) return false;
    if (shape.values !== undefined && !shape.values.includes(node.value)) return false;
    if (shape.pattern !== undefined && typeof node.value === "string" && !shape.pattern.test(node.value)) return false;
    if (outOfRange(shape, node)) return false;
  } else {
    if (shape.types !== undefined && !hasType(node, shape.types)) return false;
    if (shape.values !== undefined) return false;
    if (node.kind === "map" ? !entriesFit(shape, node) : !itemsFit(shape, node.items)) return false;
  }
  if (shape.oneOf === undefined) return true;
  let matches = 0;
  for (const alternative of shape.oneOf) if (fits(alternative, node)) matches++;
  return matches === 1;
}

function entriesFit(shape: Keywords, node: MapNode): boolean {
  for (const key of shape.required) if (!node.entries.has(key)) return false;
  for (const [key, value] of node.entries) {
    // No pattern of the specification matches the name of a property.
    const property = shape.properties.get(key);
    if (property !== undefined) {
      if (!fits(property, value)) return false;
      continue;
    }
    let known = false;
    for (const [pattern, inner] of shape.patterns) {
      if (!pattern.test(key)) continue;
      known = true;
      if (!fits(inner, value)) return false;
    }
    if (!known && shape.closed) return false;
  }
  return true;
}

function itemsFit(shape: Keywords, items: readonly Node[]): boolean {
  if (shape.unique && items.length > 1 && repeated(items) !== undefined) return false;
  const { items: inner } = shape;
  return inner === undefined || items.every((item) => fits(inner, item));
}

const KINDS: Readonly<Record<string, string>> = { object: "mapping" };

function typeNames(types: readonly string[]): string {
  const names = types.map((type) => KINDS[type] ?? type);
  if (names.length === 1) return names[0] ?? "";
  names.sort();
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}

function display(value: unknown): string {
  return typeof value === "string"
    ? `'${quote(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : String(value);
}

/** Every mistake of a value, in the order in which the reference meets them. */
function* mistakes({ keywords: shape }: Shape, node: Node, path: readonly string[]): Generator<Mistake> {
  const mistake = (message: string, deeper = 0): Mistake => ({ path, message, node, depth: path.length + deeper });
  if (node.kind === "scalar" && node.type === "time") {
    yield mistake(`invalid jsonType ${typeName(node)}`);
    return;
  }
  if (shape.types !== undefined && !hasType(node, shape.types)) yield mistake(`must be a ${typeNames(shape.types)}`);
  if (shape.values !== undefined && (node.kind !== "scalar" || !shape.values.includes(node.value))) {
    const [only] = shape.values;
    const wanted = shape.values.length === 1 ? display(only) : `one of ${shape.values.map(display).join(", ")}`;
    yield mistake(`value must be ${wanted}`);
  }
  if (node.kind === "map") yield* mapMistakes(shape, node, path, mistake);
  else if (node.kind === "list") yield* listMistakes(shape, node.items, path, mistake);
  else yield* scalarMistakes(shape, node, mistake);
  if (shape.oneOf !== undefined) yield* choiceMistakes(shape.oneOf, node, path, mistake);
}

function* scalarMistakes(shape: Keywords, node: ScalarNode, mistake: (message: string) => Mistake): Generator<Mistake> {
  const { pattern, minimum, maximum } = shape;
  const { value } = node;
  if (pattern !== undefined && typeof value === "string" && !pattern.test(value)) {
    yield mistake(`${display(value)} does not match pattern ${display(pattern.source)}`);
  }
  if (typeof value !== "number" && typeof value !== "bigint") return;
  const number = (limit: number) => formatFloat(limit, 21);
  if (minimum !== undefined && value < minimum) yield mistake(`must be greater than or equal to ${number(minimum)}`);
  if (maximum !== undefined && value > maximum) yield mistake(`must be less than or equal to ${number(maximum)}`);
}

function* mapMistakes(
  shape: Keywords,
  node: MapNode,
  path: readonly string[],
  mistake: (message: string, deeper?: number) => Mistake,
): Generator<Mistake> {
  const missing = shape.required.filter((key) => !node.entries.has(key));
  if (missing.length > 0) {
    yield mistake(`missing propert${missing.length === 1 ? "y" : "ies"} ${missing.map(display).join(", ")}`);
  }
  const unknown: string[] = [];
  for (const [key, value, inner] of childrenOf(shape, node)) {
    if (inner.length === 0) unknown.push(key);
    for (const one of inner) yield* mistakes(one, value, [...path, key]);
  }
  if (shape.closed && unknown.length > 0) {
    yield mistake(`additional properties ${unknown.sort().map(display).join(", ")} not allowed`, 1);
  }
}

function* listMistakes(
  shape: Keywords,
  items: readonly Node[],
  path: readonly string[],
  mistake: (message: string) => Mistake,
): Generator<Mistake> {
  const pair = shape.unique ? repeated(items) : undefined;
  if (pair !== undefined) yield mistake(`items at ${pair[0]} and ${pair[1]} are equal`);
  if (shape.items === undefined) return;
  for (const [index, item] of items.entries()) yield* mistakes(shape.items, item, [...path, String(index)]);
}

function* choiceMistakes(
  oneOf: readonly Shape[],
  node: Node,
  path: readonly string[],
  mistake: (message: string) => Mistake,
): Generator<Mistake> {
  const matching = oneOf.flatMap((shape, index) => (fits(shape, node) ? [index] : []));
  const [first, second] = matching;
  if (first === undefined) for (const shape of oneOf) yield* mistakes(shape, node, path);
  else if (second !== undefined) yield mistake(`oneOf failed, subschemas ${first}, ${second} matched`);
}

/**
 * Checks the project against the Compose Specification, as of the schema inside that version of Compose.
 *
 * @throws ComposeError with the most specific mistake: the deepest, and of those the first.
 */
export function validateSchema(root: Node, file: string, version: Version): void {
  const shape = shapeOf(version);
  if (fits(shape, root)) return;
  let worst: Mistake | undefined;
  for (const mistake of mistakes(shape, root, [])) {
    if (worst === undefined || mistake.depth > worst.depth) worst = mistake;
  }
  if (worst === undefined) return;
  const { path, message, node } = worst;
  throw new ComposeError("schema", `validating ${file}: ${path.join(".")} ${message}`, node.origin);
}
