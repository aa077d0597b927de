/** A scalar as Compose reads it. */
export type Scalar = string | number | boolean | null;

/** Any value of a Compose document, as plain data. */
export type ComposeValue = Scalar | readonly ComposeValue[] | ComposeMap;

/** A mapping of a Compose document. */
export interface ComposeMap {
  readonly [key: string]: ComposeValue;
}

export function isMap(value: ComposeValue | undefined): value is ComposeMap {
  return typeof value === "object" && value !== null && !isList(value);
}

/** Shared by all that is absent: checks look at every key of every service. */
const NO_KEYS: ComposeMap = {};
const NO_ITEMS: readonly ComposeValue[] = [];

/** A mapping; an empty one for any other value. */
export function mapOf(value: ComposeValue | undefined): ComposeMap {
  return isMap(value) ? value : NO_KEYS;
}

/** A list; an empty one for any other value. */
export function listOf(value: ComposeValue | undefined): readonly ComposeValue[] {
  return isList(value) ? value : NO_ITEMS;
}

export function isList(value: ComposeValue | undefined): value is readonly ComposeValue[] {
  return Array.isArray(value);
}

/** A scalar as text. Empty for a list, a mapping, and for nothing. */
export function textOf(value: ComposeValue | undefined): string {
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}

/** Where a value stands in a document: keys and list positions from the root. */
export type YamlPath = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/**
 * A path as people write it: `services.lamb.ports[0]`. A key with other characters than letters, digits, `_` and `-`
 * stands in brackets and quotes: `services["a.b"]`.
 */
export function formatPath(path: YamlPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (PLAIN_KEY.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** Sets an own key, `__proto__` included. */
export function setOwn<Value>(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
