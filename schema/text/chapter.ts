import type { Place } from "../place";

/**
 * What the schema does not say about a mapping: its TypeScript name, what a sentence calls it, and its keys in the
 * order in which the specification's text explains them, each with its meaning. Two mappings may share a text.
 */
export interface Chapter {
  readonly at: Place;
  readonly type: string;
  readonly noun: string;
  readonly doc: string;
  readonly keys: Readonly<Record<string, string>>;
}

export const chapter = (
  at: Place,
  type: string,
  noun: string,
  doc: string,
  keys: Readonly<Record<string, string>>,
): Chapter => ({ at, type, noun, doc, keys });
