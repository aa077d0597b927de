import { belowPlace, type PlaceRow, rowAt } from "./place";
import type { ComposeValue, YamlPath } from "./value";

/** A key of a document that not every release of Docker Compose knows. */
export interface DatedKey {
  readonly path: YamlPath;
  /** The first release that knows it: `5.6.0`. */
  readonly since: string;
}

/** The keys of a document that came with some release of Docker Compose, outer ones first. */
export function datedKeys(document: ComposeValue): readonly DatedKey[] {
  const found: DatedKey[] = [];
  const queue: { readonly value: ComposeValue; readonly row: PlaceRow | undefined; readonly path: YamlPath }[] = [
    { value: document, row: rowAt(0), path: [] },
  ];
  for (const { value, row, path } of queue) {
    if (row === undefined || typeof value !== "object" || value === null) continue;
    const entries: Iterable<readonly [string | number, ComposeValue]> = Array.isArray(value)
      ? value.entries()
      : Object.entries(value);
    for (const [key, inner] of entries) {
      const since = row.since !== undefined && Object.hasOwn(row.since, key) ? row.since[key] : undefined;
      const own = [...path, key];
      if (since !== undefined) found.push({ path: own, since });
      queue.push({ value: inner, row: belowPlace(row, key), path: own });
    }
  }
  return found;
}
