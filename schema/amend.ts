import { resolve, type SchemaNode, typesOf } from "./node";
import { locate, type Place, side } from "./place";

/** What an amendment does at its place. Each one must change something: one that hits nothing is an error. */
export type Change =
  /** New keys of a mapping. */
  | { readonly add: Readonly<Record<string, SchemaNode>> }
  /** Keywords of the node that get a new value, the rest of it stays. */
  | { readonly set: SchemaNode }
  /** Keywords of the node that go. */
  | { readonly drop: readonly (keyof SchemaNode)[] }
  /** Types that the node takes besides those that it takes already. */
  | { readonly widen: readonly string[] }
  /** Another node in its place. */
  | { readonly become: SchemaNode }
  /** New definitions; the place is the document. */
  | { readonly define: Readonly<Record<string, SchemaNode>> }
  /** Definitions that go; the place is the document. */
  | { readonly undefine: readonly string[] }
  /** Keys of another mapping, with the very nodes that they have there. */
  | { readonly share: { readonly from: Place; readonly keys: readonly string[] } };

/** One dated step from the schema of 2021 to the specification of today. */
export interface Amendment {
  /** The day on which the specification changed. */
  readonly date: string;
  /** Where it says so: the chapter of the text, and the commit of compose-spec/compose-spec. */
  readonly source: string;
  /** The first release of Docker Compose that knows it, as far as the specification tells. */
  readonly since?: string;
  readonly at: Place | readonly Place[];
  readonly change: Change;
}

const fresh = <T>(value: T): T => structuredClone(value);

function add(target: Record<string, SchemaNode>, entries: Readonly<Record<string, SchemaNode>>): void {
  for (const [key, node] of Object.entries(entries)) {
    if (Object.hasOwn(target, key)) throw new Error(`"${key}" is there already`);
    target[key] = fresh(node);
  }
}

function applyAt(root: SchemaNode, place: Place, change: Change): void {
  if ("define" in change) {
    root.definitions ??= {};
    add(root.definitions, change.define);
  } else if ("undefine" in change) {
    for (const name of change.undefine) {
      if (root.definitions?.[name] === undefined) throw new Error(`there is no definition "${name}"`);
      delete root.definitions[name];
    }
  } else if ("add" in change) {
    const mapping = side(root, place, "object");
    mapping.properties ??= {};
    add(mapping.properties, change.add);
  } else if ("share" in change) {
    const { properties = {} } = side(root, change.share.from, "object");
    const mapping = side(root, place, "object");
    mapping.properties ??= {};
    for (const key of change.share.keys) {
      const node = properties[key];
      if (node === undefined) throw new Error(`"${change.share.from}" has no "${key}"`);
      if (Object.hasOwn(mapping.properties, key)) throw new Error(`"${key}" is there already`);
      mapping.properties[key] = node;
    }
  } else if ("become" in change) {
    const { node, put } = locate(root, place);
    if (JSON.stringify(node) === JSON.stringify(change.become)) throw new Error("it is so already");
    put(fresh(change.become));
  } else {
    applyKeywords(resolve(root, locate(root, place).node), change);
  }
}

function applyKeywords(
  node: SchemaNode,
  change: Extract<Change, { set: unknown } | { drop: unknown } | { widen: unknown }>,
) {
  if ("set" in change) {
    const before = JSON.stringify(node);
    Object.assign(node, fresh(change.set));
    if (JSON.stringify(node) === before) throw new Error("it is so already");
  } else if ("drop" in change) {
    for (const keyword of change.drop) {
      if (node[keyword] === undefined) throw new Error(`there is no "${keyword}"`);
      delete node[keyword];
    }
  } else {
    const types = typesOf(node);
    if (types.length === 0) throw new Error("it has no type to widen");
    for (const type of change.widen) if (types.includes(type)) throw new Error(`it is of type ${type} already`);
    node.type = [...types, ...change.widen];
  }
}

/** Applies amendments in their order to a schema, in place. */
export function amend(root: SchemaNode, amendments: readonly Amendment[]): void {
  for (const { at, change, date, source } of amendments) {
    for (const place of typeof at === "string" ? [at] : at) {
      try {
        applyAt(root, place, change);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`amendment of ${date} (${source}) at "${place}": ${why}`);
      }
    }
  }
}
