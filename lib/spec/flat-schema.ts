/**
 * A part of the Compose Specification's schema in which nothing is a choice between alternatives: each keyword bears on
 * values of one type, so that a value gets only the errors of its own type.
 */
export interface FlatSchema {
  /** `#/definitions/NAME` stands for a part of the whole schema. */
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, FlatSchema>>;
  readonly type?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: FlatSchema;
  readonly uniqueItems?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FlatSchema>>;
  readonly patternProperties?: Readonly<Record<string, FlatSchema>>;
  readonly additionalProperties?: boolean;
  /** Of values for which this does not hold, `else` is asked. */
  readonly if?: { readonly not?: { readonly type: string }; readonly required?: readonly string[] };
  readonly else?: FlatSchema;
}
