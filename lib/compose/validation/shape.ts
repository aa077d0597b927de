import specification from "../../spec/generated/compose-spec.json";
import { compareVersions, type Version } from "../version";

/** The keywords of JSON Schema that the Compose Specification uses. */
export interface Keywords {
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
export class Shape {
  private read: Keywords | undefined;

  constructor(private readonly compile: () => Keywords) {}

  get keywords(): Keywords {
    this.read ??= this.compile();
    return this.read;
  }
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

/** A place of the schema that some releases have otherwise: before `since`, or from then on. */
interface Difference {
  readonly before?: Version;
  readonly from?: Version;
  readonly at: readonly string[];
  readonly by: (value: unknown) => unknown;
}

const SERVICE = ["definitions", "service", "properties"];

function orNull(table: unknown): unknown {
  if (!isObject(table)) return table;
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, { oneOf: [value, { type: "null" }] }]));
}

const DIFFERENCES: readonly Difference[] = [
  { at: [...SERVICE, "models", "oneOf", "1", "patternProperties"], by: orNull },
  { before: "5.3.0", at: [...SERVICE, "pre_start"], by: () => undefined },
  {
    from: "5.5.1",
    at: [...SERVICE, "pull_policy", "pattern"],
    by: (pattern) => `^(${String(pattern)})$`,
  },
];

/** The specification as one release knows it. */
function specificationOf(release: Version): JsonSchema {
  return DIFFERENCES.filter(
    ({ before, from }) =>
      (before === undefined || compareVersions(release, before) < 0) &&
      (from === undefined || compareVersions(release, from) >= 0),
  ).reduce<JsonSchema>((schema, { at, by }) => change(schema, at, by), specification);
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

/** The whole schema, as that version of Compose knows it. */
export function shapeOf(release: Version): Shape {
  let shape = shapes.get(release);
  if (shape === undefined) {
    const schema = specificationOf(release);
    shape = new Compiler(schema).shape(schema);
    shapes.set(release, shape);
  }
  return shape;
}
