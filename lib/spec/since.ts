import { places } from "./generated/tables";
import { belowPlace, type PlaceRow, rowAt } from "./place";
import type { ComposeMap, ComposeValue, YamlPath } from "./value";

/** A key of a document that not every release of Docker Compose knows. */
export interface DatedKey {
  readonly path: YamlPath;
  /** The first release that knows it: `5.6.0`. */
  readonly since: string;
}

type Holder = ComposeMap | readonly ComposeValue[];

const isList = (value: Holder): value is readonly ComposeValue[] => Array.isArray(value);

/**
 * The keys of a document that came with some release of Docker Compose, outer ones first.
 *
 * @param counts whether a release is one of those that are asked for. @default all
 */
export function datedKeys(
  document: ComposeValue,
  counts: (since: string) => boolean = () => true,
): readonly DatedKey[] {
  const found: DatedKey[] = [];
  const leading = rowsLeadingTo(counts);
  const queue: { readonly value: Holder; readonly row: PlaceRow; readonly path: YamlPath }[] = [];
  const add = (value: ComposeValue, row: PlaceRow | undefined, path: () => YamlPath) => {
    if (row !== undefined && typeof value === "object" && value !== null && leading.has(row))
      queue.push({ value, row, path: path() });
  };
  add(document, rowAt(0), () => []);
  for (const { value, row, path } of queue) {
    const entries: Iterable<readonly [string | number, ComposeValue]> = isList(value)
      ? value.entries()
      : Object.entries(value);
    for (const [key, inner] of entries) {
      const since = row.since !== undefined && Object.hasOwn(row.since, key) ? row.since[key] : undefined;
      const own = () => [...path, key];
      if (since !== undefined && counts(since)) found.push({ path: own(), since });
      add(inner, belowPlace(row, key), own);
    }
  }
  return found;
}

/** The places at which, or below which, a key came with such a release. */
function rowsLeadingTo(counts: (since: string) => boolean): ReadonlySet<PlaceRow> {
  const leading = new Set(places.filter(({ since = {} }) => Object.values(since).some(counts)));
  for (let before = -1; before < leading.size; ) {
    before = leading.size;
    for (const row of places) {
      const below = [...Object.values(row.at ?? {}), row.each, row.items].map(rowAt);
      if (below.some((inner) => inner !== undefined && leading.has(inner))) leading.add(row);
    }
  }
  return leading;
}
