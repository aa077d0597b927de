import { parseYaml, type YamlNode } from "../compose/yaml/parser";
import { formatPath, type YamlPath } from "../spec";

/**
 * Line of every key and list entry of a YAML text, from 1, by its path; of several documents the last that has it. What
 * cannot be read has no lines.
 */
export function yamlLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const { documents } = parseYaml(text);
  // The last one in the list is looked at first.
  const open: { readonly node: YamlNode; readonly path: YamlPath }[] = documents
    .toReversed()
    .map((node) => ({ node, path: [] }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    const children: readonly (readonly [step: string | number, at: YamlNode, value: YamlNode])[] =
      node.kind === "mapping"
        ? node.entries.map(([key, value]) => [key.kind === "scalar" ? key.value : "", key, value])
        : node.kind === "sequence"
          ? node.items.map((item, index) => [index, item, item])
          : [];
    for (const [step, at, value] of children) {
      const below = [...path, step];
      lines.set(formatPath(below), at.line);
      open.push({ node: value, path: below });
    }
  }
  return lines;
}

const STEP = /\.?[A-Za-z_][\w-]*|\[(?:\d+|"[^"\\]*(?:\\.[^"\\]*)*")\]/y;

/** The path of what holds a value: `a.b[0]` → `a.b`. Empty for the top level, and for what is no path. */
export function parentPath(path: string): string {
  let last = 0;
  STEP.lastIndex = 0;
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    if (!STEP.test(path)) return "";
    last = at;
  }
  return path.slice(0, last);
}
