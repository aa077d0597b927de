import { breaches, type RawError, repeatErrors } from "./checker";
import { distinctLists } from "./generated/tables";

import type { YamlPath } from "./value";

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

/** Everything that today's specification has against a document. */
export function rawErrors(document: unknown): RawError[] {
  return [...breaches(document), ...repeatedMappings(document)];
}

function* repeatedMappings(document: unknown): Generator<RawError> {
  for (const pattern of distinctLists) {
    for (const [path, list] of matching(document, pattern)) if (Array.isArray(list)) yield* repeatErrors(path, list);
  }
}
