import { Commented, isCommented, isMap, isTagged, Tagged, type YamlNode } from "../../compose/emit/emit";
import { setOwn } from "../../spec/value";

/** A place of a patch that changed nothing. */
export interface Miss {
  readonly path: readonly string[];
  readonly reason: string;
}

/**
 * A merge patch (RFC 7396) over a rendered document: mappings are merged, `null` removes, anything else takes the place
 * of what is there. What `!reset` removes is replaced by the patch. Neither argument is changed.
 *
 * @returns the patched document, and every place of the patch that hit nothing
 */
export function applyPatch(document: YamlNode, patch: YamlNode): { patched: YamlNode; misses: Miss[] } {
  const misses: Miss[] = [];
  return { patched: merged(document, patch, [], misses), misses };
}

function merged(node: YamlNode | undefined, patch: YamlNode, path: readonly string[], misses: Miss[]): YamlNode {
  if (isCommented(node)) return new Commented(node.comment, merged(node.value, patch, path, misses));
  if (isTagged(node)) {
    if (node.tag === "!reset") return new Tagged("!override", merged(undefined, patch, path, misses));
    return new Tagged(node.tag, merged(node.value, patch, path, misses));
  }
  if (!isMap(patch)) {
    if (node !== undefined && JSON.stringify(node) === JSON.stringify(patch))
      misses.push({ path, reason: "is like this already" });
    return patch;
  }
  const result: { [key: string]: YamlNode } = {};
  if (isMap(node)) for (const [key, value] of Object.entries(node)) setOwn(result, key, value);
  for (const [key, change] of Object.entries(patch)) {
    const present = Object.hasOwn(result, key);
    const at = [...path, key];
    if (change !== null) setOwn(result, key, merged(present ? result[key] : undefined, change, at, misses));
    else if (present) delete result[key];
    else misses.push({ path: at, reason: "is not there to be removed" });
  }
  return result;
}
