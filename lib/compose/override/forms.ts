import { ComposeError } from "../error";
import { compareText } from "../tree/gotext";
import {
  asMap,
  asText,
  bool,
  formatValue,
  isNull,
  itemsOf,
  type MapNode,
  map,
  type Node,
  nothing,
  type Origin,
  text,
  typeName,
} from "../tree/node";
import { type Path, pathText } from "../tree/rules";
import type { Behaviour } from "../version";

/** `{A: 1, B: null}` is `[A=1, B]`, sorted; a string is a list of itself. */
export function toSequence(node: Node): readonly Node[] {
  if (node.kind === "list") return node.items;
  if (node.kind === "scalar") return asText(node) === undefined ? [] : [node];
  const items: [string, Origin][] = [];
  for (const [key, value] of node.entries) {
    const values = value.kind === "list" ? value.items : [value];
    for (const item of values) {
      items.push([isNull(value) ? key : `${key}=${formatValue(item)}`, item.origin]);
    }
  }
  items.sort(([a], [b]) => compareText(a, b));
  return items.map(([item, origin]) => text(item, origin));
}

export function toBuild(node: Node): MapNode {
  const context = asText(node);
  if (context !== undefined) return map([["context", node]], node.origin);
  return asMap(node) ?? map([], node.origin);
}

/** What a name in the short form of `depends_on` stands for. */
export function startedDependency(origin: Origin): MapNode {
  const implied: Origin = { ...origin, rule: "short form of depends_on" };
  return map(
    [
      ["condition", text("service_started", implied)],
      ["required", bool(true, implied)],
    ],
    origin,
  );
}

/** A list of names as a mapping; a mapping stays, anything else is empty. */
export function toMap(
  node: Node,
  path: Path | undefined,
  behaviour: Behaviour,
  value: (name: Node) => Node = (name) => nothing(name.origin),
): MapNode {
  if (node.kind === "map") return node;
  const strict = behaviour.does("appendsOnlyNew");
  const one = strict && asText(node) !== undefined;
  if (strict && !one && node.kind !== "list") {
    const message = `${pathText(path)}: cannot convert ${typeName(node)} into a mapping`;
    throw new ComposeError("merge", message, node.origin);
  }
  const named = new Map<string, Node>();
  for (const item of one ? [node] : itemsOf(node)) {
    const name = asText(item);
    if (name === undefined) {
      const wrong = strict ? `cannot use ${typeName(item)} as a mapping key` : `unexpected type ${typeName(item)}`;
      throw new ComposeError("merge", `${pathText(path)}: ${wrong}`, item.origin);
    }
    named.set(name, value(item));
  }
  return map(named, node.origin);
}

/** As `toMap`, where newer releases take nothing for no names. */
export function named(...[node, path, behaviour, value]: Parameters<typeof toMap>): MapNode {
  if (isNull(node) && behaviour.does("takesNoNames")) return map([], node.origin);
  return toMap(node, path, behaviour, value);
}
