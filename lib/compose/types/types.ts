import type { Point } from "../version";

/** A value that is one scalar in the end. */
export type ScalarKind =
  | "text"
  | "bool"
  | "opt-out"
  | "created-path"
  | "float32"
  | "cpus"
  | "size"
  | "duration"
  | "file-mode"
  | "device-count";

/** A value that is a mapping of texts, or a list of pairs, in the end. */
export type PairsKind = "mapping" | "labels" | "environment" | "options" | "many-options" | "hosts" | "ssh";

/** A type of Go for integers. */
export type IntegerType = "int" | "int64" | "uint16" | "uint32" | "uint64";

/** How Compose types a value: what it accepts there and what it prints. */
export type Type =
  | { readonly kind: Exclude<ScalarKind, "bool" | "duration"> | PairsKind }
  | { readonly kind: "command" | "check" | "ulimit" | "texts" | "words" }
  | { readonly kind: "bool" | "duration"; readonly optional: boolean }
  | { readonly kind: "int"; readonly go: IntegerType; readonly optional: boolean }
  | { readonly kind: "list" | "map"; readonly of: Type }
  | Struct;

/** An object with known fields, in the order in which Compose prints them. */
export interface Struct {
  readonly kind: "struct";
  readonly fields: readonly Field[];
  /** Absent stays absent; otherwise an absent object is an empty one, which JSON prints. */
  readonly optional: boolean;
  /** Keeps `x-*` keys, which YAML prints behind the fields. */
  readonly extensible: boolean;
}

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** The name in JSON, when it is another. */
  readonly json?: string;
  /** Printed even when it is zero, in JSON or everywhere. */
  readonly always?: "json" | "both";
  /** Not every version of Compose keeps the field. */
  readonly since?: Point;
}
