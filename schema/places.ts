import { alternatives, EXTENSION, entriesOf, resolve, type SchemaNode, typesOf } from "./node";
import { type Place, side } from "./place";
import { CHAPTERS } from "./text";

/** What the library knows of a place of a document; see `lib/spec/place.ts`. Numbers are positions in the table. */
interface PlaceRow {
  noun?: string;
  keys?: string[];
  since?: Record<string, string>;
  extensible?: true;
  at?: Record<string, number>;
  names?: string;
  each?: number;
  items?: number;
}

/** The places of a document that have something inside, the document itself first. */
export function tabulate(root: SchemaNode): readonly PlaceRow[] {
  const nouns = new Map(CHAPTERS.map(({ at, noun }) => [side(root, at, "object"), noun]));
  const rows: PlaceRow[] = [];
  const seen = new Map<SchemaNode, number>();

  const inner = (node: SchemaNode): number | undefined => {
    const target = resolve(root, node);
    const known = seen.get(target);
    if (known !== undefined) return known;
    const sides = alternatives(root, target).filter(holds);
    if (sides.length === 0) return undefined;
    const row: PlaceRow = {};
    const index = rows.push(row) - 1;
    seen.set(target, index);
    for (const one of sides) fill(row, one);
    return index;
  };

  /** Whether a document can say something about keys below this node. */
  const holds = (node: SchemaNode): boolean =>
    node.properties !== undefined ||
    entriesOf(node) !== undefined ||
    (node.items !== undefined && alternatives(root, node.items).some(holds));

  const fill = (row: PlaceRow, node: SchemaNode) => {
    const noun = nouns.get(node);
    if (noun !== undefined) row.noun = noun;
    if (node.properties !== undefined) {
      row.keys = Object.keys(node.properties);
      if (node["x-since"] !== undefined) row.since = node["x-since"];
      if (node.patternProperties?.[EXTENSION] !== undefined) row.extensible = true;
      const at = Object.entries(node.properties).flatMap(([key, value]) => {
        const index = inner(value);
        return index === undefined ? [] : [[key, index] as const];
      });
      if (at.length > 0) row.at = Object.fromEntries(at);
    }
    const free = entriesOf(node);
    if (free !== undefined) {
      row.names = free[0];
      set(row, "each", inner(free[1]));
    }
    if (node.items !== undefined) set(row, "items", inner(node.items));
  };

  inner(root);
  return rows;
}

function set(row: PlaceRow, key: "each" | "items", index: number | undefined): void {
  if (index !== undefined) row[key] = index;
}

/** Calls a function with every place of a document and the alternatives of the node there. */
function visit(
  root: SchemaNode,
  seen: (place: Place, sides: readonly SchemaNode[]) => void,
  node: SchemaNode = root,
  place: Place = "",
): void {
  const sides = alternatives(root, node);
  seen(place, sides);
  for (const one of sides) {
    for (const [key, value] of Object.entries(one.properties ?? {})) {
      visit(root, seen, value, place === "" ? key : `${place}.${key}`);
    }
    const free = entriesOf(one);
    if (free !== undefined) visit(root, seen, free[1], `${place}.*`);
    if (one.items !== undefined) visit(root, seen, one.items, `${place}[]`);
  }
}

/** The types that a value may have in place of a choice, where the choice is one of several alternatives. */
export function besideChoices(root: SchemaNode): Readonly<Record<Place, readonly string[]>> {
  const found: Record<Place, string[]> = {};
  visit(root, (place, sides) => {
    const others = sides.filter((one) => one.enum === undefined).flatMap(typesOf);
    if (others.length > 0 && sides.some((one) => one.enum !== undefined)) found[place] = others;
  });
  return found;
}
