import type { Scalar } from "../../spec/value";

const TAGGED = Symbol.for("lamb-compose.Tagged");
const COMMENTED = Symbol.for("lamb-compose.Commented");

/** The tags that Compose gives a meaning to, in a file that is merged over others. */
export type ComposeTag = "!reset" | "!override";

/**
 * A value with one of Compose's two tags. `!reset` removes what earlier files say at this place, `!override` puts the
 * value in its stead instead of merging the two. Compose reads a tagged scalar as a string, `null` included.
 *
 * Source: Compose Specification, "Merge", sections "Reset value" and "Replace value".
 */
export class Tagged {
  static {
    Object.defineProperty(Tagged.prototype, TAGGED, { value: true });
  }

  constructor(
    readonly tag: ComposeTag,
    readonly value: YamlNode,
  ) {}
}

/**
 * A value with a comment, written as `# …` lines above the key or the list item that holds the value. The caller
 * wraps: each line of the text becomes one line. Control characters and invisible ones become spaces.
 */
export class Commented {
  static {
    Object.defineProperty(Commented.prototype, COMMENTED, { value: true });
  }

  constructor(
    readonly comment: string,
    readonly value: YamlNode,
    /** Behind the value and not above it: for one line of comment and a value that takes one line. */
    readonly isBehind = false,
  ) {}
}

/** What `emit` writes: plain data, parts of which carry a tag or a comment. */
export type YamlNode = Scalar | readonly YamlNode[] | YamlNodeMap | Tagged | Commented;

/** A mapping that is to be written. Its keys come out in the object's order. */
export interface YamlNodeMap {
  readonly [key: string]: YamlNode;
}

/** Whether a value is a {@link Tagged}, of this copy of the package or of another. */
export function isTagged(value: unknown): value is Tagged {
  return typeof value === "object" && value !== null && TAGGED in value;
}

/** Whether a value is a {@link Commented}, of this copy of the package or of another. */
export function isCommented(value: unknown): value is Commented {
  return typeof value === "object" && value !== null && COMMENTED in value;
}

/** Whether a node is a list. */
export function isList(node: unknown): node is readonly YamlNode[] {
  return Array.isArray(node);
}

/** Whether a node is a mapping: an object literal, an object without prototype, or one from another realm. */
export function isMap(node: unknown): node is YamlNodeMap {
  if (typeof node !== "object" || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  if (prototype === Object.prototype || prototype === null) return true;
  return !Array.isArray(node) && Object.getPrototypeOf(prototype) === null;
}
