import { ComposeError } from "../error";
import { formatFloat, quote } from "../tree/gotext";
import { type MapNode, mapItems, mapValues, type Node, type ScalarNode, text, typeName } from "../tree/node";
import type { Behaviour } from "../version";
import { childrenOf, fits, hasType, repeated } from "./match";
import { type Keywords, type Shape, shapeOf } from "./shape";

interface Mistake {
  readonly path: readonly string[];
  readonly message: string;
  readonly node: Node;
  /** How specific the mistake is: of several, the deepest one is reported. */
  readonly depth: number;
}

const KINDS: Readonly<Record<string, string>> = { object: "mapping" };

function typeNames(types: readonly string[]): string {
  const names = types.map((type) => KINDS[type] ?? type);
  if (names.length === 1) return names[0] ?? "";
  names.sort();
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}

function display(value: unknown): string {
  return typeof value === "string"
    ? `'${quote(value).replaceAll('\\"', '"').replaceAll("'", "\\'").slice(1, -1)}'`
    : String(value);
}

/** Every mistake of a value, in the order in which the reference meets them. */
function* mistakes(
  { keywords: shape }: Shape,
  node: Node,
  path: readonly string[],
  behaviour: Behaviour,
): Generator<Mistake> {
  const mistake = (message: string, deeper = 0): Mistake => ({ path, message, node, depth: path.length + deeper });
  if (node.kind === "scalar" && node.type === "time") {
    yield mistake(`invalid jsonType ${typeName(node)}`);
    return;
  }
  if (shape.types !== undefined && !hasType(node, shape.types)) yield mistake(`must be a ${typeNames(shape.types)}`);
  if (shape.values !== undefined && (node.kind !== "scalar" || !shape.values.includes(node.value))) {
    const [only] = shape.values;
    const wanted = shape.values.length === 1 ? display(only) : `one of ${shape.values.map(display).join(", ")}`;
    yield mistake(`value must be ${wanted}`);
  }
  if (node.kind === "map") yield* mapMistakes(shape, node, path, mistake, behaviour);
  else if (node.kind === "list") yield* listMistakes(shape, node.items, path, mistake, behaviour);
  else yield* scalarMistakes(shape, node, mistake);
  if (shape.anyOf?.some((one) => fits(one, node)) === false) {
    for (const one of shape.anyOf) yield* mistakes(one, node, path, behaviour);
  }
  if (shape.oneOf !== undefined) yield* choiceMistakes(shape.oneOf, node, path, mistake, behaviour);
}

/** Whether the mapping at a path has a container's keys from elsewhere in the schema of Compose 5.6. */
function isContainer(path: readonly string[]): boolean {
  const [section, , key] = path;
  if (path.length === 4) return section === "services" && key === "pre_start";
  return path.length === 2 && (section === "services" || section === "jobs");
}

function* scalarMistakes(shape: Keywords, node: ScalarNode, mistake: (message: string) => Mistake): Generator<Mistake> {
  const { pattern, minimum, maximum } = shape;
  const { value } = node;
  if (pattern !== undefined && typeof value === "string" && !pattern.test(value)) {
    yield mistake(`${display(value)} does not match pattern ${display(pattern.source)}`);
  }
  if (typeof value !== "number" && typeof value !== "bigint") return;
  const number = (limit: number) => formatFloat(limit, 21);
  if (minimum !== undefined && value < minimum) yield mistake(`must be greater than or equal to ${number(minimum)}`);
  if (maximum !== undefined && value > maximum) yield mistake(`must be less than or equal to ${number(maximum)}`);
}

function* mapMistakes(
  shape: Keywords,
  node: MapNode,
  path: readonly string[],
  mistake: (message: string, deeper?: number) => Mistake,
  behaviour: Behaviour,
): Generator<Mistake> {
  const missing = shape.required.filter((key) => !node.entries.has(key));
  if (missing.length > 0) {
    yield mistake(`missing propert${missing.length === 1 ? "y" : "ies"} ${missing.map(display).join(", ")}`);
  }
  const unknown: string[] = [];
  for (const [key, value, inner] of childrenOf(shape, node)) {
    if (inner.length === 0) unknown.push(key);
    for (const one of inner) yield* mistakes(one, value, [...path, key], behaviour);
  }
  if (shape.closed && isContainer(path) && behaviour.does("blamesUnknownKeys")) {
    for (const key of unknown.sort()) {
      yield {
        path: [...path, key],
        message: "false schema",
        node: node.entries.get(key) ?? node,
        depth: path.length + 1,
      };
    }
  } else if (shape.closed && unknown.length > 0) {
    yield mistake(`additional properties ${unknown.sort().map(display).join(", ")} not allowed`, 1);
  }
}

function* listMistakes(
  shape: Keywords,
  items: readonly Node[],
  path: readonly string[],
  mistake: (message: string) => Mistake,
  behaviour: Behaviour,
): Generator<Mistake> {
  const pair = repeated(items, shape.unique);
  if (pair !== undefined) yield mistake(`items at ${pair[0]} and ${pair[1]} are equal`);
  if (shape.items === undefined) return;
  for (const [index, item] of items.entries()) yield* mistakes(shape.items, item, [...path, String(index)], behaviour);
}

function* choiceMistakes(
  oneOf: readonly Shape[],
  node: Node,
  path: readonly string[],
  mistake: (message: string) => Mistake,
  behaviour: Behaviour,
): Generator<Mistake> {
  const matching = oneOf.flatMap((shape, index) => (fits(shape, node) ? [index] : []));
  const [first, second] = matching;
  if (first === undefined) for (const shape of oneOf) yield* mistakes(shape, node, path, behaviour);
  else if (second !== undefined) yield mistake(`oneOf failed, subschemas ${first}, ${second} matched`);
}

/** So many keys lead to an attribute: `services`, `web`, `ports`. Of each, one mistake is said. */
const ATTRIBUTE = 3;

/**
 * Checks the project against the Compose Specification, as of the schema inside that version of Compose.
 *
 * @throws ComposeError with the most specific mistake: the deepest, and of those the first.
 */
export function validateSchema(typedRoot: Node, file: string, behaviour: Behaviour): void {
  const shape = shapeOf(behaviour.release);
  const root = behaviour.does("takesDates") ? datesAsTexts(typedRoot) : typedRoot;
  if (fits(shape, root)) return;
  const worst = new Map<string, Mistake>();
  for (const mistake of mistakes(shape, root, [], behaviour)) {
    const place = mistake.path.slice(0, ATTRIBUTE).join("\0");
    const other = worst.get(place);
    if (other !== undefined && mistake.depth <= other.depth) continue;
    // Of mistakes of one depth, the first is to come first.
    worst.delete(place);
    worst.set(place, mistake);
  }
  const deepestFirst = [...worst.values()].sort((one, other) => other.depth - one.depth);
  for (const { path, message, node } of deepestFirst) {
    behaviour.refuse(new ComposeError("schema", `validating ${file}: ${path.join(".")} ${message}`, node.origin));
  }
}

/** The values as JSON has them, in which a date is a text. */
function datesAsTexts(node: Node): Node {
  if (node.kind === "map") return mapValues(node, datesAsTexts);
  if (node.kind === "list") return mapItems(node, datesAsTexts);
  return node.type === "time" ? text(String(node.value), node.origin) : node;
}
