import { references, tryInterpolate } from "../../compose/template/interpolate";
import { expandMarkers } from "../marker";
import type { ImageLock } from "./lock";
import { imageName } from "./name";
import { imageReference } from "./reference";

/** Why an image has no digest although there is a lock. */
export type Unlocked = "missing" | "open" | "no-name";

/** What became of the name of an image at one place. */
export interface ImageUse {
  /** The name as it is written there, variables as Compose reads them, or as marks. */
  readonly written: string;
  /** Why it has no digest. `undefined` when it has one, and when there is no lock. */
  readonly unlocked?: Unlocked | undefined;
  /** Variables that the program names and that are not in `written`: what each was at that moment. */
  readonly fixed: readonly FixedByLock[];
}

/** A variable that named a tag until a lock fixed what it means. */
export interface FixedByLock {
  readonly name: string;
  readonly value: string;
}

/**
 * The name of an image as it is to be written. With a lock the tag is the one that holds by default, and the digest
 * stands behind it: next to a digest, a variable could not move anything. What the lock does not know keeps no variable
 * either, so that images which are released together move together. Variables of registry and path stay, because the
 * same image has the same digest everywhere. A name that has a digest of its own stays as it is.
 *
 * @param name as the program has it: with marks, or with expressions of Compose's
 */
export function useImage(name: string, lock: ImageLock | undefined): ImageUse {
  if (lock === undefined) return { written: name, fixed: [] };
  const meant = byDefault(name);
  if (meant === undefined) return { written: name, unlocked: "open", fixed: [] };
  const reference = imageReference(meant);
  if (reference === undefined) return { written: name, unlocked: name.includes("$") ? "open" : "no-name", fixed: [] };
  if (reference.digest !== undefined) return { written: name, fixed: [] };
  const locked = lock.find(meant);
  const { repository, tag } = imageName(name);
  if (locked === undefined && !(tag ?? name).includes("$")) return { written: name, unlocked: "missing", fixed: [] };
  const place = byDefault(repository) === imageName(meant).repository ? repository : imageName(meant).repository;
  const literal = `${place}:${reference.tag}`;
  return {
    written: locked === undefined ? literal : `${literal}@${locked.digest}`,
    unlocked: locked === undefined ? "missing" : undefined,
    fixed: fixedBetween(name, literal),
  };
}

/** The name of an image with every variable at its default. `undefined` when one has none. */
export function byDefault(text: string): string | undefined {
  const expanded = tryInterpolate(asExpressions(text), () => undefined);
  return expanded?.unset.length === 0 ? expanded.text : undefined;
}

function fixedBetween(before: string, after: string): readonly FixedByLock[] {
  const left = new Set(references(asExpressions(after)).references.map(({ name }) => name));
  return references(asExpressions(before)).references.flatMap(({ name, raw }) =>
    left.has(name) ? [] : [{ name, value: byDefault(raw) ?? "" }],
  );
}

function asExpressions(text: string): string {
  return expandMarkers(text, (variable) => variable.expression);
}
