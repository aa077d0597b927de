import type { ComposeError } from "../error";
import { EXTENSIONS, setExtensionsApart } from "../transform/extensions";
import { asMap, type MapNode, map, type Node } from "../tree/node";
import { noting } from "../version";
import { type DecodeContext, decode, joinedFailures } from "./decode";
import { SECTIONS } from "./model";
import { orderedFor } from "./service-order";

/**
 * Gives every resource and service the types that Compose gives it.
 *
 * @param refusals gets what does not fit its type; without it, everything that does not fit is thrown together
 */
export function typeModel(
  model: MapNode,
  { warn, behaviour }: DecodeContext,
  refusals: ComposeError[] | undefined,
): MapNode {
  const failures: ComposeError[] = [];
  const context = { warn, behaviour: noting(behaviour, failures) };
  const apart = setExtensionsApart(model);
  const entries = new Map<string, Node>();
  for (const [section, type] of Object.entries(SECTIONS)) {
    const found = asMap(apart.entries.get(section));
    if (found === undefined) continue;
    const ordered = orderedFor(type, behaviour);
    const typed = new Map<string, Node>();
    for (const key of [...found.entries.keys()].sort()) {
      const value = found.entries.get(key);
      if (value === undefined) continue;
      const empty = value.kind === "scalar" && value.value === null;
      const read = empty ? map([], value.origin) : value;
      const decoded = context.behaviour.attempt(() => decode(read, ordered, `${section}[${key}]`, context), undefined);
      typed.set(key, decoded ?? map([], value.origin));
    }
    entries.set(section, map(typed, found.origin));
  }
  const [first, ...rest] = failures;
  if (first !== undefined && refusals === undefined) throw joinedFailures([first, ...rest]);
  refusals?.push(...failures);
  const extensions = apart.entries.get(EXTENSIONS);
  if (extensions !== undefined) entries.set(EXTENSIONS, extensions);
  return map(entries, model.origin);
}
