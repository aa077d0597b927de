import type { EnvVar } from "./env-var";

/**
 * A variable inside a string is a marker until the string is rendered. Compose refuses the marker's text, so one that
 * escapes cannot go unnoticed. The table is shared by all copies of this package in a program.
 */
const TABLE: unique symbol = Symbol.for("lamb-compose.markers");
const OPEN = "${lamb-compose:";
const MARKER = /\$\{lamb-compose:(\d+):[A-Za-z_][A-Za-z0-9_]*\}/g;

interface Table {
  readonly variables: EnvVar[];
  readonly numbers: Map<EnvVar, number>;
}

function table(): Table {
  const shared: object & { [TABLE]?: Table } = globalThis;
  shared[TABLE] ??= { variables: [], numbers: new Map() };
  return shared[TABLE];
}

/** The text that stands for a variable inside a string. */
export function markerOf(variable: EnvVar): string {
  const { variables, numbers } = table();
  let number = numbers.get(variable);
  if (number === undefined) {
    number = variables.push(variable) - 1;
    numbers.set(variable, number);
  }
  return `${OPEN}${number}:${variable.name}}`;
}

/** The variables whose markers are in a text, each once. */
export function variablesIn(text: string): readonly EnvVar[] {
  const found = new Set<EnvVar>();
  expandMarkers(text, (variable) => {
    found.add(variable);
    return "";
  });
  return [...found];
}

/** The string with every marker replaced. */
export function expandMarkers(text: string, expand: (variable: EnvVar) => string): string {
  if (!text.includes(OPEN)) return text;
  const { variables } = table();
  return text.replace(MARKER, (marker, number) => {
    const variable = variables[Number(number)];
    return variable === undefined ? marker : expand(variable);
  });
}
