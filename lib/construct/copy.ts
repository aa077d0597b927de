import { isMap as isPlainObject } from "../compose/emit/emit";
import { formatPath } from "../spec";
import { setOwn } from "../spec/value";
import { Annotated } from "./annotated";
import { type Input, isBinding } from "./binding";
import { ConstructError } from "./errors";

/** Deeper than any Compose file is, and shallow enough for the call stack. */
const DEEPEST = 200;

/** Whether a value is a mapping of plain data. */
export function isMap(value: unknown): value is { readonly [key: string]: Input } {
  return (
    typeof value === "object" && value !== null && !isList(value) && !isBinding(value) && !Annotated.isAnnotated(value)
  );
}

/** Whether a value is a list. */
export function isList(value: unknown): value is readonly Input[] {
  return Array.isArray(value);
}

/**
 * A deep copy of what a program hands in, so that a later change of the program's object changes nothing. Keys with
 * the value `undefined` are left out; bindings are kept as they are.
 *
 * @throws ConstructError `invalid-value` for what no document can hold: functions, dates, NaN, cycles
 */
export function copyIn(value: unknown, construct: string, path: (string | number)[] = []): Input {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw refused(construct, path, String(value), "is not a number that a document can contain");
  }
  if (path.length > DEEPEST)
    throw refused(construct, path, undefined, `is nested deeper than ${DEEPEST} levels, or contains itself`);
  if (isBinding(value)) return value;
  if (Annotated.isAnnotated(value)) return new Annotated(copyIn(value.value, construct, path), value);
  if (isList(value)) return value.map((item, index) => descend(item, construct, path, index));
  if (isPlainObject(value)) {
    const copy: { [key: string]: Input } = {};
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) setOwn(copy, key, descend(item, construct, path, key));
    }
    return copy;
  }
  const kind = typeof value === "object" ? value.constructor.name : typeof value;
  throw refused(construct, path, kind, "is not text, a number, true, false, null, a list or a mapping");
}

function descend(item: unknown, construct: string, path: (string | number)[], step: string | number): Input {
  path.push(step);
  const copy = copyIn(item, construct, path);
  path.pop();
  return copy;
}

function refused(
  construct: string,
  path: readonly (string | number)[],
  value: string | undefined,
  reason: string,
): ConstructError {
  return new ConstructError({
    code: "invalid-value",
    construct,
    path: formatPath(path),
    ...(value === undefined ? {} : { value }),
    reason,
    fix: "pass plain data, or an object of this library that takes part in documents",
  });
}
