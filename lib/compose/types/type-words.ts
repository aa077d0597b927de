import type { Field, IntegerType, Struct, Type } from "./types";

export type Spec = Type | readonly [type: Type, more: Omit<Field, "name" | "type">];

export function struct(
  fields: Readonly<Record<string, Spec>>,
  more: Partial<Omit<Struct, "kind" | "fields">> = {},
): Struct {
  return {
    kind: "struct",
    optional: more.optional ?? true,
    extensible: more.extensible ?? true,
    fields: Object.entries(fields).map(([name, spec]) =>
      "kind" in spec ? { name, type: spec } : { name, type: spec[0], ...spec[1] },
    ),
  };
}

export const list = (of: Type): Type => ({ kind: "list", of });
export const map = (of: Type): Type => ({ kind: "map", of });
export const text: Type = { kind: "text" };

/** A list of texts; `words` also takes numbers, and both take one text alone. */
export const texts: Type = { kind: "texts" };
export const words: Type = { kind: "words" };
export const plainTexts = list(text);
export const size: Type = { kind: "size" };
export const command: Type = { kind: "command" };
export const mapping: Type = { kind: "mapping" };
export const labels: Type = { kind: "labels" };
export const environment: Type = { kind: "environment" };
export const options: Type = { kind: "options" };
export const hosts: Type = { kind: "hosts" };
export const float32: Type = { kind: "float32" };
export const flag: Type = { kind: "bool", optional: false };
export const optionalFlag: Type = { kind: "bool", optional: true };
export const duration: Type = { kind: "duration", optional: false };
export const optionalDuration: Type = { kind: "duration", optional: true };
export const int = (go: IntegerType, optional = false): Type => ({
  kind: "int",
  go,
  optional,
});

export const ulimits = map({ kind: "ulimit" });
