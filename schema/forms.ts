import { EXTENSION, type SchemaNode } from "./node";

/** The few forms of which nearly every attribute is one; they keep the amendments readable. */

export const text: SchemaNode = { type: "string" };
export const whole: SchemaNode = { type: "integer" };
/** True or false, or a string for a variable that stands in its place. */
export const flag: SchemaNode = { type: ["boolean", "string"] };
export const wholeOrText: SchemaNode = { type: ["integer", "string"] };
export const numberOrText: SchemaNode = { type: ["number", "string"] };

export const ref = (definition: string): SchemaNode => ({ $ref: `#/definitions/${definition}` });

export const oneOf = (...alternatives: SchemaNode[]): SchemaNode => ({ oneOf: alternatives });

export const list = (items: SchemaNode): SchemaNode => ({ type: "array", items });

export const choice = (...values: string[]): SchemaNode => ({ type: "string", enum: values });

/** A mapping of known keys that takes nothing else. */
export const closed = (properties: Record<string, SchemaNode>, required: string[] = []): SchemaNode => ({
  type: "object",
  properties,
  additionalProperties: false,
  ...(required.length > 0 && { required }),
});

/** A mapping of known keys and extension fields. */
export const mapping = (properties: Record<string, SchemaNode>, required: string[] = []): SchemaNode => ({
  ...closed(properties, required),
  patternProperties: { [EXTENSION]: {} },
});

/** A mapping with free keys. */
export const each = (value: SchemaNode, names = ANY): SchemaNode => ({
  type: "object",
  patternProperties: { [names]: value },
});

const ANY = "^.+$";
export const NAME = "^[a-zA-Z0-9._-]+$";
