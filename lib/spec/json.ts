/** The value of a text in JSON. `undefined` for a text that is none: the parser's own message would show a piece of it. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is a mapping: not a list, and not nothing. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping that a text in JSON holds. `undefined` when it holds none. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const data = parsedJson(text);
  return isObject(data) ? data : undefined;
}
