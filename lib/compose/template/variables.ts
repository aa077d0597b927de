import { byName } from "../../spec/order";
import type { Node } from "../tree/node";
import { sortedKeys } from "../tree/rules";
import type { Behaviour } from "../version";
import { MAX_DEPTH } from "./interpolate";
import { tokenize } from "./tokens";

/** A variable of a project, with what its uses say about it. */
export interface Variable {
  readonly name: string;
  /** The last use has `?`; from Compose 5.5.1 on: some use has. */
  readonly required: boolean;
  /** The default of the last use, empty when there is none; from Compose 5.5.1 on the first default. */
  readonly defaultValue: string;
  /** The text behind `+`. */
  readonly presenceValue: string;
}

/** All variables that the values of a model mention, as Compose finds them: by name, one entry each. */
export function variablesOf(root: Node, { does }: Behaviour): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  collect(root, found, does("joinsUses") ? joined : (_before, use) => use);
  return new Map(byName(found));
}

/** What a variable is with one use more. */
type Join = (before: Variable | undefined, use: Variable) => Variable;

const joined: Join = (before, use) =>
  before === undefined
    ? use
    : {
        name: use.name,
        required: before.required || use.required,
        defaultValue: before.defaultValue || use.defaultValue,
        presenceValue: before.presenceValue || use.presenceValue,
      };

function collect(node: Node, found: Map<string, Variable>, join: Join): void {
  if (node.kind === "map") {
    for (const key of sortedKeys(node)) {
      const value = node.entries.get(key);
      if (value !== undefined) collect(value, found, join);
    }
  } else if (node.kind === "list") for (const item of node.items) collect(item, found, join);
  else if (typeof node.value === "string") inText(node.value, found, join);
}

function inText(text: string, found: Map<string, Variable>, join: Join, depth = 0): void {
  if (depth > MAX_DEPTH || !text.includes("$")) return;
  for (const token of tokenize(text)) {
    if (token.kind !== "variable" && token.kind !== "choice") continue;
    const operator = token.kind === "choice" ? token.operator : "";
    const operand = token.kind === "choice" ? token.operand : "";
    const use = {
      name: token.name,
      required: operator.endsWith("?"),
      defaultValue: operator.endsWith("-") ? operand : "",
      presenceValue: operator.endsWith("+") ? operand : "",
    };
    found.set(token.name, join(found.get(token.name), use));
    inText(operand, found, join, depth + 1);
  }
}
