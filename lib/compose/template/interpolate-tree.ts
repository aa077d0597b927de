import { ComposeError } from "../error";
import { compareText } from "../tree/gotext";
import { mapItems, mapValues, type Node, type ScalarNode } from "../tree/node";
import { below, keysOf, type Path, pathText, type Rules, step } from "../tree/rules";
import { CASTS, type Cast, castText, MORE_CASTS } from "../types/casts";
import type { Behaviour } from "../version";
import { InterpolationError, interpolate, type Lookup, unsetWarning } from "./interpolate";

export interface InterpolateTreeOptions {
  readonly lookup: Lookup;
  readonly behaviour: Behaviour;
  readonly warn: (message: string) => void;
}

/**
 * Replaces the variables in every string of a document and casts the attributes that Compose types at this point. Keys
 * are never touched.
 *
 * @throws ComposeError on a malformed `${…}`, a missing required variable, a text that is not of its attribute's type.
 */
export function interpolateTree(node: Node, options: InterpolateTreeOptions): Node {
  const { behaviour } = options;
  const failures: Failure[] = [];
  const collecting = behaviour.does("tellsAllVariables") ? { ...options, failures } : options;
  const result = walk(node, behaviour.does("castsDependencies") ? MORE_CASTS : CASTS, undefined, collecting);
  const [first, ...more] = failures.sort(byPlace);
  if (first === undefined) return result;
  if (more.length === 0) throw first.error;
  const message = failures.map(({ error }) => error.message).join("\n");
  throw new ComposeError("interpolation", message, first.error.origin);
}

/** A value that could not be read, with the keys that lead to it; items of one list keep their order. */
interface Failure {
  readonly keys: readonly string[];
  readonly error: ComposeError;
}

interface Walk extends InterpolateTreeOptions {
  /** Where mistakes are put; without it the first one is thrown. */
  readonly failures?: Failure[];
}

function byPlace(a: Failure, b: Failure): number {
  for (let i = 0; i < a.keys.length && i < b.keys.length; i++) {
    const order = compareText(a.keys[i] ?? "", b.keys[i] ?? "");
    if (order !== 0) return order;
  }
  return a.keys.length - b.keys.length;
}

function walk(node: Node, casts: Rules<Cast> | undefined, path: Path | undefined, options: Walk): Node {
  if (node.kind === "map") {
    return mapValues(node, (value, key) => {
      const next = step(casts, key);
      return isFinal(value, next) ? value : walk(value, next, below(path, key), options);
    });
  }
  if (node.kind === "list") {
    const next = step(casts, "[]");
    const at = below(path, "[]");
    return mapItems(node, (item) => (isFinal(item, next) ? item : walk(item, next, at, options)));
  }
  if (isFinal(node, casts)) return node;
  const { failures } = options;
  if (failures === undefined) return options.behaviour.attempt(() => scalar(node, casts?.rule, path, options), node);
  try {
    return scalar(node, casts?.rule, path, options);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    failures.push({ keys: keysOf(path), error });
    return node;
  }
}

/** Whether a value is one that nothing is done to: no text, or one without a variable and without a type. */
function isFinal(node: Node, casts: Rules<Cast> | undefined): boolean {
  if (node.kind !== "scalar") return false;
  return node.type !== "string" || (casts?.rule === undefined && !String(node.value).includes("$"));
}

function scalar(
  node: ScalarNode,
  cast: Cast | undefined,
  path: Path | undefined,
  { lookup, behaviour, warn }: InterpolateTreeOptions,
): Node {
  const template = String(node.value);
  let value = template;
  let { origin } = node;
  const unset = (name: string) => warn(unsetWarning(name));
  if (template.includes("$")) {
    try {
      const result = interpolate(template, lookup, { lazy: behaviour.does("lazyOperands") });
      value = result.text;
      result.unset.forEach(unset);
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      error.unset.forEach(unset);
      throw new ComposeError("interpolation", interpolationMessage(error, path), origin);
    }
    origin = { ...origin, template };
  }
  if (cast !== undefined) {
    const result = castText(cast, value);
    if (result.problem !== undefined) {
      const problem = `failed to cast to expected type: ${result.problem}`;
      throw new ComposeError("interpolation", `error while interpolating ${pathText(path)}: ${problem}`, origin);
    }
    if (result.warning !== undefined) warn(result.warning);
    return { kind: "scalar", type: result.type, value: result.value, origin };
  }
  return value === template && origin === node.origin ? node : { kind: "scalar", type: "string", value, origin };
}

function interpolationMessage(error: InterpolationError, path: Path | undefined): string {
  if (error.problem !== "format") return `error while interpolating ${pathText(path)}: ${error.message}`;
  const advice = "You may need to escape any $ with another $.";
  return `invalid interpolation format for ${pathText(path)}.\n${advice}\n${error.subject}`;
}
