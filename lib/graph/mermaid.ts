import type { DeploymentGraph, GraphEdge, GraphKind } from "./graph";
import { legendOf, NODE_LOOKS, type Theme } from "./look";

const SHAPES: Readonly<Record<GraphKind, readonly [open: string, close: string]>> = {
  outside: ["([", "])"],
  service: ["[", "]"],
  network: ["{{", "}}"],
  volume: ["[(", ")]"],
};

/** How each line is drawn. */
const LINES: Readonly<Record<GraphEdge["kind"], string>> = {
  port: "==>",
  network: "---",
  writes: "-->",
  reads: "-.->",
};

/** A deployment as a flowchart of Mermaid, with a legend. */
export function mermaidText(graph: DeploymentGraph, theme: Theme): string {
  const { nodes, edges } = graph;
  const legend = legendOf(graph);
  const ids = new Map(nodes.map(({ id }, at) => [id, `n${at}`]));
  const kinds = [...new Set(nodes.map(({ kind }) => kind)).add("network")];
  return [
    "flowchart LR",
    ...nodes.map(({ id, kind, lines }) => {
      const [open, close] = SHAPES[kind];
      return `  ${ids.get(id)}${open}${quoted(lines.join("\n"))}${close}:::${kind}`;
    }),
    ...edges.map(({ from, to, kind }) => `  ${ids.get(from)} ${LINES[kind]} ${ids.get(to)}`),
    ...(legend.length === 0 ? [] : [`  legend[${quoted(legend.join("\n"))}]:::network`]),
    ...kinds.map((kind) => {
      const { fill, line, text } = NODE_LOOKS[theme][kind];
      return `  classDef ${kind} fill:${fill},stroke:${line},color:${text}`;
    }),
    "",
  ].join("\n");
}

/** A text that Mermaid takes as it is: its own signs are written by their numbers. */
function quoted(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N} \n./:,_@-]/gu, (sign) => `#${sign.codePointAt(0)};`);
  return `"${safe.replaceAll("\n", "<br/>")}"`;
}
