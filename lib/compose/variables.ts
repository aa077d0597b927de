import type { Node } from "./node";
import { sortedKeys } from "./rules";
import { tokenize } from "./tokens";

/** A variable of a project, with what its uses say about it. */
export interface Variable {
  readonly name: string;
  /** Some use has `?`. */
  readonly required: boolean;
  /** The default of the last use, empty when there is none. */
  readonly defaultValue: string;
  /** The text behind `+`. */
  readonly presenceValue: string;
}

/** All variables that the values of a model mention, as Compose finds them: by name, one entry each. */
export function variablesOf(root: Node): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  collect(root, found);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collect(node: Node, found: Map<string, Variable>): void {
  if (node.kind === "map") {
    for (const key of sortedKeys(node)) {
      const value = node.entries.get(key);
      if (value !== undefined) collect(value, found);
    }
  } else if (node.kind === "list") for (const item of node.items) collect(item, found);
  else if (typeof node.value === "string") inText(node.value, found);
}

function inText(text: string, found: Map<string, Variable>): void {
  if (!text.includes("$")) return;
  for (const token of tokenize(text)) {
    if (token.kind !== "variable" && token.kind !== "choice") continue;
    const operator = token.kind === "choice" ? token.operator : "";
    const operand = token.kind === "choice" ? token.operand : "";
    found.set(token.name, {
      name: token.name,
      required: operator.endsWith("?"),
      defaultValue: operator.endsWith("-") ? operand : "",
      presenceValue: operator.endsWith("+") ? operand : "",
    });
    inText(operand, found);
  }
}
