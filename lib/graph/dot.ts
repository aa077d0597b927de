import type { DeploymentGraph, GraphEdge, GraphKind } from "./graph";
import { EDGE_LOOKS, legendOf, NODE_LOOKS, type Theme } from "./look";

const SHAPES: Readonly<Record<GraphKind, string>> = {
  outside: "oval",
  service: "box",
  network: "hexagon",
  volume: "cylinder",
};

/** How each line is drawn. */
const LINES: Readonly<Record<GraphEdge["kind"], Readonly<Record<string, string>>>> = {
  port: { penwidth: "2" },
  network: { dir: "none" },
  writes: {},
  reads: { style: "dashed" },
};

const FONT = "Helvetica,Arial,sans-serif";
/** Inches of a character in the widest font that a browser may take in its place, at most. */
const WIDEST = 0.1;

/** A deployment in the language of Graphviz, with a legend. Its background is transparent. */
export function dotText(graph: DeploymentGraph, theme: Theme): string {
  const { name, nodes, edges } = graph;
  const { line: color, text: fontcolor } = EDGE_LOOKS[theme];
  const whole = { rankdir: "LR", bgcolor: "transparent", nodesep: "0.35", ranksep: "1.2", labelloc: "b" };
  const legend = { label: `${name}\n${legendOf(graph).join("   ·   ")}`, fontname: FONT, fontsize: "11", fontcolor };
  // Names would not be read as labels are: a backslash in one stays, and one at its end takes the quote with it.
  const ids = new Map(nodes.map(({ id }, at) => [id, `n${at}`]));
  return [
    "digraph {",
    `  graph ${list({ ...whole, ...legend })};`,
    `  node ${list({ fontname: FONT, fontsize: "12", style: "filled", margin: "0.2,0.12" })};`,
    `  edge ${list({ color })};`,
    ...nodes.map(({ id, kind, lines }) => {
      const { fill, line, text } = NODE_LOOKS[theme][kind];
      const width = `${(Math.max(...lines.map(({ length }) => length)) * WIDEST + 0.2).toFixed(2)}`;
      const colors = { fillcolor: fill, color: line, fontcolor: text };
      const look = { label: lines.join("\n"), shape: SHAPES[kind], width, ...colors };
      return `  ${ids.get(id)} ${list(look)};`;
    }),
    ...edges.map(({ from, to, kind }) => `  ${ids.get(from)} -> ${ids.get(to)} ${list(LINES[kind])};`),
    "}",
    "",
  ].join("\n");
}

function list(attributes: Readonly<Record<string, string>>): string {
  return `[${Object.entries(attributes)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join(", ")}]`;
}

/** A label in quotes, in which Graphviz reads nothing but line breaks. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
