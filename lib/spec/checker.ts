import { repeats } from "./distinct";
import type { FlatSchema } from "./flat-schema";
import { schema } from "./generated/schema";
import { isObject } from "./json";
import type { YamlPath } from "./value";

/** One error of the schema, without prose. */
export interface RawError {
  /** Where the value stands that breaks the rule; for an unknown or a missing key, the mapping around it. */
  readonly path: YamlPath;
  readonly value: unknown;
  /** The keyword of JSON Schema that is broken. */
  readonly keyword: string;
  /** What the keyword asks for, under the names that ajv uses. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** An error for each item of a list that equals an earlier one. */
function repeatErrors(path: YamlPath, list: readonly unknown[]): RawError[] {
  return repeats(list).map(({ first, again }) => ({
    path,
    value: list,
    keyword: "uniqueItems",
    params: { i: first, j: again },
  }));
}

interface Keywords {
  readonly types: ReadonlySet<string> | undefined;
  /** The types as the schema has them. */
  readonly type: readonly string[] | undefined;
  readonly values: readonly string[] | undefined;
  readonly pattern: RegExp | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly items: Rules | undefined;
  readonly isUnique: boolean;
  readonly required: readonly string[];
  readonly properties: ReadonlyMap<string, Rules>;
  readonly patterns: readonly (readonly [RegExp, Rules])[];
  readonly isClosed: boolean;
  readonly condition: FlatSchema["if"];
  readonly otherwise: Rules | undefined;
}

/** A part of the schema, read when a value first meets it: few documents use a tenth of the keys. */
class Rules {
  private read: Keywords | undefined;

  constructor(private readonly part: FlatSchema) {}

  get keywords(): Keywords {
    this.read ??= keywordsOf(this.part);
    return this.read;
  }
}

function keywordsOf(part: FlatSchema): Keywords {
  const name = part.$ref?.slice("#/definitions/".length);
  const own = name === undefined ? part : (schema.definitions?.[name] ?? {});
  const { type, pattern, items, properties = {}, patternProperties = {} } = own;
  const rulesOf = (inner: FlatSchema | undefined) => (inner === undefined ? undefined : new Rules(inner));
  return {
    types: type === undefined ? undefined : new Set(type.includes("number") ? [...type, "integer"] : type),
    type,
    values: own.enum,
    pattern: pattern === undefined ? undefined : new RegExp(pattern, "u"),
    minimum: own.minimum,
    maximum: own.maximum,
    items: rulesOf(items),
    isUnique: own.uniqueItems === true,
    required: own.required ?? [],
    properties: new Map(Object.entries(properties).map(([key, inner]) => [key, new Rules(inner)])),
    patterns: Object.entries(patternProperties).map(([key, inner]) => [new RegExp(key, "u"), new Rules(inner)]),
    isClosed: own.additionalProperties === false,
    condition: own.if,
    otherwise: rulesOf(own.else),
  };
}

/** The narrowest type of JSON Schema that a value is of; of what JSON does not have, another word. */
function typeOf(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : Number.isFinite(value) ? "number" : "";
  if (typeof value !== "object") return typeof value;
  return value === null ? "null" : Array.isArray(value) ? "array" : "object";
}

/** Whether items may be the same. Of a list of scalars, those that are of no type of it are not looked at. */
function mayRepeat(list: readonly unknown[], types: Keywords["types"]): boolean {
  if (types?.has("object") !== false) return true;
  const own = list.filter((item) => types.has(typeOf(item)));
  return new Set(own).size < own.length;
}

/** Notes every rule that a value breaks. */
class Checker {
  readonly errors: RawError[] = [];
  /** Where the value stands that is looked at. */
  private readonly path: (string | number)[] = [];

  check(value: unknown, { keywords }: Rules): void {
    const { types, type, values, condition } = keywords;
    const own = typeOf(value);
    if (types?.has(own) === false) this.note(value, "type", { type });
    if (values !== undefined && !(typeof value === "string" && values.includes(value))) {
      this.note(value, "enum", { allowedValues: values });
    }
    if (condition !== undefined) this.choose(value, condition, keywords);
    if (typeof value === "string") this.text(value, keywords);
    else if (typeof value === "number") this.number(value, keywords);
    else if (Array.isArray(value)) this.list(value, keywords);
    else if (isObject(value)) this.mapping(value, keywords);
  }

  private note(value: unknown, keyword: string, params: RawError["params"]): void {
    this.errors.push({ path: [...this.path], value, keyword, params });
  }

  private choose(value: unknown, { not, required = [] }: NonNullable<FlatSchema["if"]>, { otherwise }: Keywords): void {
    const holds =
      not === undefined
        ? !isObject(value) || required.every((key) => value[key] !== undefined)
        : typeOf(value) !== not.type;
    if (!holds && otherwise !== undefined) this.check(value, otherwise);
  }

  private text(value: string, { pattern }: Keywords): void {
    if (pattern?.test(value) === false) this.note(value, "pattern", { pattern: pattern.source });
  }

  private number(value: number, { minimum, maximum }: Keywords): void {
    if (!Number.isFinite(value)) return;
    if (maximum !== undefined && value > maximum) this.note(value, "maximum", { limit: maximum });
    if (minimum !== undefined && value < minimum) this.note(value, "minimum", { limit: minimum });
  }

  private list(value: readonly unknown[], { items, isUnique }: Keywords): void {
    if (items !== undefined) {
      value.forEach((item, index) => {
        this.below(index, item, items);
      });
    }
    if (isUnique && value.length > 1 && mayRepeat(value, items?.keywords.types)) {
      this.errors.push(...repeatErrors([...this.path], value));
    }
  }

  private mapping(value: Readonly<Record<string, unknown>>, keywords: Keywords): void {
    const { required, properties, patterns, isClosed } = keywords;
    for (const key of required) {
      if (value[key] === undefined) this.note(value, "required", { missingProperty: key });
    }
    for (const key of Object.keys(value)) {
      // No pattern of the specification matches the name of a property.
      const property = properties.get(key);
      if (property !== undefined) {
        if (value[key] !== undefined) this.below(key, value[key], property);
        continue;
      }
      let known = false;
      for (const [pattern, inner] of patterns) {
        if (!pattern.test(key)) continue;
        known = true;
        this.below(key, value[key], inner);
      }
      if (!known && isClosed) this.note(value, "additionalProperties", { additionalProperty: key });
    }
  }

  private below(step: string | number, value: unknown, rules: Rules): void {
    this.path.push(step);
    this.check(value, rules);
    this.path.pop();
  }
}

const DOCUMENT = new Rules(schema);

/** Every rule of today's specification that a document breaks. */
export function rawErrors(document: unknown): readonly RawError[] {
  const checker = new Checker();
  checker.check(document, DOCUMENT);
  return checker.errors;
}
