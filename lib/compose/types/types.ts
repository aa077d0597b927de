import type { Point } from "../version";

/** How Compose types a value: what it accepts there and what it prints. */
export type Type =
  | {
      readonly kind:
        | "text"
        | "size"
        | "command"
        | "check"
        | "mapping"
        | "labels"
        | "environment"
        | "options"
        | "many-options"
        | "hosts"
        | "ssh"
        | "cpus"
        | "device-count"
        | "file-mode"
        | "ulimit"
        | "created-path"
        | "opt-out"
        | "float32"
        | "texts"
        | "words";
    }
  | { readonly kind: "bool" | "duration"; readonly optional: boolean }
  | { readonly kind: "int"; readonly go: "int" | "int64" | "uint16" | "uint32" | "uint64"; readonly optional: boolean }
  | { readonly kind: "list"; readonly of: Type }
  | { readonly kind: "map"; readonly of: Type }
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
