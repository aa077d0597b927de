/** What the validator that ajv compiled looks like. */
export interface CompiledValidator {
  (document: unknown): boolean;
  errors?: readonly CompiledError[] | null;
}

/** One error as ajv gives it, without ajv's prose. */
export interface CompiledError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
