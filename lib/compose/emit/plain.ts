import { type ComposeValue, setOwn } from "../../spec/value";
import { MAX_DEPTH, notYaml, tooDeep } from "./error";
import { isCommented, isList, isMap, isTagged, type YamlNode, type YamlNodeMap } from "./node";

/**
 * The document without tags and comments, as plain data that shares nothing with the argument.
 *
 * @throws EmitError when a value is not YAML, when one contains itself, or beyond 99 levels.
 */
export function plain(node: YamlNode): ComposeValue {
  return strip(node, { path: [], ancestors: [] });
}

interface Trail {
  readonly path: (string | number)[];
  readonly ancestors: unknown[];
}

function strip(node: YamlNode | undefined, trail: Trail): ComposeValue {
  let value = node;
  while (isTagged(value) || isCommented(value)) value = value.value;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  trail.ancestors.push(value);
  if (trail.ancestors.length > MAX_DEPTH) throw tooDeep(trail.path, trail.ancestors);
  const copy = isList(value) ? stripList(value, trail) : stripMap(value, trail);
  trail.ancestors.pop();
  return copy;
}

function stripList(list: readonly YamlNode[], trail: Trail): ComposeValue[] {
  const copy: ComposeValue[] = [];
  for (let index = 0; index < list.length; index++) {
    trail.path.push(index);
    copy.push(strip(list[index], trail));
    trail.path.pop();
  }
  return copy;
}

function stripMap(map: YamlNodeMap | undefined, trail: Trail): ComposeValue {
  if (!isMap(map)) throw notYaml(map, trail.path);
  const copy: Record<string, ComposeValue> = {};
  for (const key of Object.keys(map)) {
    trail.path.push(key);
    const value = strip(map[key], trail);
    trail.path.pop();
    setOwn(copy, key, value);
  }
  return copy;
}
