import { places } from "./generated/tables";
import type { YamlPath } from "./value";

/** A place of a document that has something inside. Numbers are positions in the table of places. */
export interface PlaceRow {
  /** What a sentence calls the mapping: "a service". */
  readonly noun?: string;
  /** The keys of the mapping, in the order of the specification's text. */
  readonly keys?: readonly string[];
  /** The first release of Docker Compose that knows a key, of those keys that it did not always know. */
  readonly since?: Readonly<Record<string, string>>;
  /** It takes extension fields, `x-…`. */
  readonly extensible?: true;
  readonly at?: Readonly<Record<string, number>>;
  /** The pattern of free keys, and what stands under each of them. */
  readonly names?: string;
  readonly each?: number;
  readonly items?: number;
}

/** A row of the table of places. */
export const rowAt = (index: number | undefined): PlaceRow | undefined =>
  index === undefined ? undefined : places[index];

/** What the specification knows of a place, if anything; a path into an extension field leads nowhere. */
export function placeAt(path: YamlPath): PlaceRow | undefined {
  let row = rowAt(0);
  for (const step of path) {
    if (row === undefined) return undefined;
    row = belowPlace(row, step);
  }
  return row;
}

/** What stands one step below a place. */
export function belowPlace(row: PlaceRow, step: string | number): PlaceRow | undefined {
  if (typeof step === "number") return rowAt(row.items);
  if (row.at !== undefined && Object.hasOwn(row.at, step)) return rowAt(row.at[step]);
  const extension = row.keys !== undefined && step.startsWith("x-");
  return extension || row.keys?.includes(step) ? undefined : rowAt(row.each);
}

/**
 * The keys that the specification knows at a place of a document, in the order of its own text: that of a service at
 * `["services", "web"]`. Undefined where keys are free, or where no mapping stands.
 */
export function keyOrder(path: YamlPath): readonly string[] | undefined {
  return placeAt(path)?.keys;
}

/** A path with its own names taken out: `services.*.ports[].target`. */
export function patternOf(path: YamlPath): string {
  let row = rowAt(0);
  let text = "";
  for (const step of path) {
    const known = typeof step === "string" && row?.keys?.includes(step);
    text += typeof step === "number" ? "[]" : `${text === "" ? "" : "."}${known ? step : "*"}`;
    row = row === undefined ? undefined : belowPlace(row, step);
  }
  return text;
}
