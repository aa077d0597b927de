import { repeats } from "./distinct";
import { distinctLists } from "./generated/tables";
import { type CompiledError, validate } from "./generated/validate";
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

/** What stands inside a value under a key, if anything. */
export function inside(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** The values at a path with wildcards, each with its own path. */
function* matching(
  value: unknown,
  pattern: readonly string[],
  path: YamlPath = [],
): Generator<readonly [path: YamlPath, value: unknown]> {
  const [step, ...rest] = pattern;
  if (step === undefined) yield [path, value];
  else if (step === "*") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const key of Object.keys(value)) yield* matching(inside(value, key), rest, [...path, key]);
  } else if (step.endsWith("[]")) {
    const key = step.slice(0, -2);
    const list = inside(value, key);
    if (!Array.isArray(list)) return;
    for (const [at, item] of list.entries()) yield* matching(item, rest, [...path, key, at]);
  } else {
    yield* matching(inside(value, step), rest, [...path, step]);
  }
}

/** Everything that today's specification has against a document, in the order of its keywords. */
export function rawErrors(document: unknown): RawError[] {
  const valid = validate(document);
  const compiled = valid ? [] : (validate.errors ?? []);
  validate.errors = null;
  return [...compiled.flatMap((error) => rawError(document, error)), ...repeatedMappings(document)];
}

function rawError(document: unknown, error: CompiledError): RawError[] {
  const [path, value] = follow(document, error.instancePath);
  const { keyword, params } = error;
  if (keyword === "if") return [];
  if (keyword === "uniqueItems" && Array.isArray(value)) return repeatErrors(path, value);
  return [{ path, value, keyword, params }];
}

function repeatErrors(path: YamlPath, list: readonly unknown[]): RawError[] {
  return repeats(list).map(({ first, again }) => ({
    path,
    value: list,
    keyword: "uniqueItems",
    params: { i: first, j: again },
  }));
}

function* repeatedMappings(document: unknown): Generator<RawError> {
  for (const pattern of distinctLists) {
    for (const [path, list] of matching(document, pattern)) {
      if (Array.isArray(list)) yield* repeatErrors(path, list);
    }
  }
}

/** Follows a JSON pointer into a document. */
function follow(document: unknown, pointer: string): [path: YamlPath, value: unknown] {
  const path: (string | number)[] = [];
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = inside(value, step);
  }
  return [path, value];
}
