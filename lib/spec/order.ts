import { inside } from "./inside";
import type { YamlPath } from "./value";

/** Entries, no two of which have one name, by their names. */
export function byName<Value>(entries: Iterable<readonly [string, Value]>): (readonly [string, Value])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Sorts findings by where they stand in a document; at one place they keep their order. */
export function inDocumentOrder<T extends { readonly path: YamlPath }>(document: unknown, findings: readonly T[]): T[] {
  const positions = new Map<object, Map<string, number>>();
  const position = (holder: unknown, step: string | number): number => {
    if (typeof step === "number") return step;
    if (typeof holder !== "object" || holder === null) return 0;
    const known = positions.get(holder) ?? new Map(Object.keys(holder).map((key, index) => [key, index]));
    positions.set(holder, known);
    return known.get(step) ?? known.size;
  };
  const ranked = findings.map((finding) => {
    let here = document;
    const rank = finding.path.map((step) => {
      const index = position(here, step);
      here = inside(here, step);
      return index;
    });
    return { finding, rank };
  });
  return ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ finding }) => finding);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, left] of a.entries()) {
    const difference = left - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
