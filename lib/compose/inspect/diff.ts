import { type ComposeMap, type ComposeValue, isList, isMap, type Scalar } from "../../spec/value";
import type { Project } from "../project";
import { type Effect, effectsOf } from "./effects";
import { pathBelow } from "./explain";

/** One field that is not the same in two projects. */
export interface FieldChange {
  /** In the later project, or in the earlier one for what is gone: `services.web.ports[0].published`. */
  readonly path: string;
  readonly keys: readonly string[];
  readonly change: "added" | "removed" | "changed";
  /** Absent when there was none, or when the value is not shown. */
  readonly before?: Scalar;
  readonly after?: Scalar;
  /** The values stand where secrets stand, or come from variables: they are not shown. */
  readonly hidden: boolean;
  /** Variables that the value comes from, before or after. */
  readonly variables: readonly string[];
}

/** What differs between two projects, and what `up` does about it. */
export interface Diff {
  readonly changes: readonly FieldChange[];
  /** What the changes mean when the later project goes up where the earlier one runs. */
  readonly effects: readonly Effect[];
}

/** Where passwords and keys stand, written out or by name. */
const SECRET_PLACES: readonly (readonly string[])[] = [
  ["services", "*", "environment"],
  ["services", "*", "build", "args"],
  ["services", "*", "pre_start", "*", "environment"],
  ["services", "*", "post_start", "*", "environment"],
  ["services", "*", "pre_stop", "*", "environment"],
  ["jobs", "*", "environment"],
  ["jobs", "*", "build", "args"],
  ["configs", "*", "content"],
];

function isSecretPlace(keys: readonly string[]): boolean {
  return SECRET_PLACES.some((place) => place.every((key, i) => key === "*" || key === keys[i]));
}

interface Leaf {
  readonly keys: readonly string[];
  readonly path: string;
  readonly value: Scalar;
}

/** A name for an item that stays the same when the list around it changes. */
function itemName(item: ComposeValue, index: number): string {
  if (!isMap(item)) return JSON.stringify(item);
  const { target, source, path, protocol, subnet } = item;
  const name = target ?? path ?? subnet ?? source;
  return name === undefined ? `#${index}` : JSON.stringify([name, protocol ?? null]);
}

/** All scalars by a key that names their place whatever the order of lists; what is empty counts as a scalar. */
function leaves(root: ComposeMap): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  const visit = (value: ComposeValue, id: string, keys: readonly string[], path: string): void => {
    if (isMap(value)) {
      const entries = Object.entries(value);
      for (const [key, inner] of entries) visit(inner, `${id}\0${key}`, [...keys, key], pathBelow(path, key));
      if (entries.length === 0) found.set(id, { keys, path, value: "{}" });
    } else if (isList(value)) {
      const seen = new Map<string, number>();
      for (const [index, item] of value.entries()) {
        const name = itemName(item, index);
        const count = seen.get(name) ?? 0;
        seen.set(name, count + 1);
        visit(item, `${id}\0${name}\0${count}`, [...keys, String(index)], `${path}[${index}]`);
      }
      if (value.length === 0) found.set(id, { keys, path, value: "[]" });
    } else found.set(id, { keys, path, value });
  };
  visit(root, "", [], "");
  return found;
}

function variablesAt(project: Project, leaf: Leaf | undefined): readonly string[] {
  return leaf === undefined
    ? []
    : project.explain(leaf.path).flatMap(({ variables }) => variables.map(({ name }) => name));
}

/**
 * What differs between two resolved projects, field by field, in the order of the later project, and what that means at
 * `docker compose up`. Values of environment variables, build arguments and config contents are never shown, nor are
 * values that come out of variables: their names are.
 */
export function diff(before: Project, after: Project): Diff {
  const old = leaves(before.model);
  const now = leaves(after.model);
  const changes: FieldChange[] = [];
  const add = (was: Leaf | undefined, is: Leaf | undefined): void => {
    const { keys, path } = is ?? was ?? { keys: [], path: "" };
    const variables = [...new Set([...variablesAt(before, was), ...variablesAt(after, is)])];
    const hidden = isSecretPlace(keys) || variables.length > 0;
    changes.push({
      path,
      keys,
      change: was === undefined ? "added" : is === undefined ? "removed" : "changed",
      ...(hidden || was === undefined ? {} : { before: was.value }),
      ...(hidden || is === undefined ? {} : { after: is.value }),
      hidden,
      variables,
    });
  };
  for (const [id, is] of now) {
    const was = old.get(id);
    if (was === undefined || was.value !== is.value) add(was, is);
  }
  for (const [id, was] of old) if (!now.has(id)) add(was, undefined);
  return { changes, effects: effectsOf(before.model, after.model, changes) };
}
