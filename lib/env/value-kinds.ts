/** What a value must look like: a pattern of the whole value, and what is said of one that does not fit. */
export type ValueKindRow = readonly [pattern: string, reason: string];

/** Kinds of values that programs are told by their environment. */
export type ValueKind = "address" | "count" | "fernet" | "flag" | "path" | "switch";

/**
 * What a value of a kind looks like. As data, because two programs go by it: the check of an `.env`, and the entrypoint
 * of an image, in Python. Patterns are of what both languages read alike.
 */
export const VALUE_KINDS: Readonly<Record<ValueKind, ValueKindRow>> = {
  address: [
    "[Hh][Tt][Tt][Pp][Ss]?://(?:[^\\u0000- /?#@]*@)?(?:[^\\u0000- /?#@:\\[\\]]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?(?:/[^\\u0000- ?#]*[^\\u0000- /?#])?",
    "must be an address such as https://www.uni.edu or http://service:9000, without a / at its end",
  ],
  count: ["[1-9][0-9]*", "must be a whole number from 1"],
  fernet: ["[A-Za-z0-9_-]{43}=", "must be a Fernet key: 32 bytes in base64, with - and _"],
  flag: ["true|false", "must be true or false"],
  path: ["/[^\\n\\r]*", "must be a path that begins with /"],
  switch: ["ENABLE|DISABLE", "must be ENABLE or DISABLE"],
};

export function isValueKind(name: string): name is ValueKind {
  return Object.hasOwn(VALUE_KINDS, name);
}
