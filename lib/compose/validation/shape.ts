import { engineSchema } from "../../spec/generated/engine-schema";
import { isObject } from "../../spec/json";
import { behaviourOf, compareVersions, type Version } from "../version";

/** The keywords of JSON Schema that the Compose Specification uses. All are always there, which V8 reads fastest. */
export interface Keywords {
  readonly types: readonly string[] | undefined;
  readonly values: readonly unknown[] | undefined;
  readonly pattern: RegExp | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, Shape>;
  readonly patterns: readonly (readonly [RegExp, Shape])[];
  readonly closed: boolean;
  readonly items: Shape | undefined;
  /** No two items are equal: either value by value, or also where a number comes after a text that reads like it. */
  readonly unique: "by-value" | "by-text" | undefined;
  readonly oneOf: readonly Shape[] | undefined;
  readonly anyOf: readonly Shape[] | undefined;
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

type JsonSchema = Readonly<Record<string, unknown>>;

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** Follows `$ref` and keeps what this file reads; every definition is built once. */
class Compiler {
  private readonly built = new Map<unknown, Shape>();
  private readonly equality: "by-value" | "by-text";

  constructor(
    private readonly root: JsonSchema,
    private readonly release: Version,
  ) {
    this.equality = behaviourOf(release).does("tellsNumbersFromTexts") ? "by-value" : "by-text";
  }

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
    const { type, pattern, minimum, maximum, required, items, oneOf, anyOf } = schema;
    const types = isText(type) ? [type] : Array.isArray(type) ? type.filter(isText) : undefined;
    const named = (table: unknown) => (isObject(table) ? Object.entries(table) : []);
    const since = schema["x-since"];
    const isNew = (key: string) => {
      const first = isObject(since) ? since[key] : undefined;
      return isText(first) && compareVersions(this.release, first) < 0;
    };
    return {
      types,
      values: Array.isArray(schema.enum) ? schema.enum : undefined,
      pattern: isText(pattern) ? new RegExp(pattern, "u") : undefined,
      minimum: typeof minimum === "number" ? minimum : undefined,
      maximum: typeof maximum === "number" ? maximum : undefined,
      required: Array.isArray(required) ? required.filter(isText) : [],
      properties: new Map(
        named(schema.properties).flatMap(([key, value]) => (isNew(key) ? [] : [[key, this.shape(value)] as const])),
      ),
      patterns: named(schema.patternProperties).map(
        ([key, value]) => [unicodePattern(key), this.shape(value)] as const,
      ),
      closed: schema.additionalProperties === false,
      items: items === undefined ? undefined : this.shape(items),
      unique: schema.uniqueItems === true ? this.equality : undefined,
      anyOf: Array.isArray(anyOf) ? anyOf.map((alternative) => this.shape(alternative)) : undefined,
      oneOf: Array.isArray(oneOf) ? oneOf.map((alternative) => this.shape(alternative)) : undefined,
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

/** A place of the schema that is otherwise from a release on. */
interface Difference {
  readonly from: Version;
  readonly at: readonly string[];
  readonly by: (value: unknown) => unknown;
}

const anchored = (pattern: unknown) => `^(${String(pattern)})$`;
const closed = (section: unknown) => (isObject(section) ? { ...section, additionalProperties: false } : section);

const SERVICE = ["definitions", "service", "properties"];
const CONTAINERS = [SERVICE, ["definitions", "job", "properties"], [...SERVICE, "pre_start", "items", "properties"]];

const DIFFERENCES: readonly Difference[] = [
  ...CONTAINERS.map((keys): Difference => ({ from: "5.5.1", at: [...keys, "pull_policy", "pattern"], by: anchored })),
  { from: "5.6.0", at: ["properties", "networks"], by: closed },
  { from: "5.6.0", at: ["properties", "models"], by: closed },
];

/** The specification as one release knows it. */
function specificationOf(release: Version): JsonSchema {
  return DIFFERENCES.filter(({ from }) => compareVersions(release, from) >= 0).reduce<JsonSchema>(
    (schema, { at, by }) => change(schema, at, by),
    engineSchema,
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

/** The whole schema, as that version of Compose knows it. */
export function shapeOf(release: Version): Shape {
  let shape = shapes.get(release);
  if (shape === undefined) {
    const schema = specificationOf(release);
    shape = new Compiler(schema, release).shape(schema);
    shapes.set(release, shape);
  }
  return shape;
}
