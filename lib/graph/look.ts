import type { DeploymentGraph, GraphEdge, GraphKind } from "./graph";

/** For a light or a dark background. The background itself is left as it is. */
export type Theme = "light" | "dark";

interface Look {
  readonly fill: string;
  readonly line: string;
  readonly text: string;
}

/** How each part looks: one hue for each kind, told apart by shape and by words, too. */
export const NODE_LOOKS: Readonly<Record<Theme, Readonly<Record<GraphKind, Look>>>> = {
  light: {
    outside: { fill: "#ffffff", line: "#57606a", text: "#1f2328" },
    service: { fill: "#ddf4ff", line: "#0969da", text: "#1f2328" },
    network: { fill: "#f6f8fa", line: "#8c959f", text: "#1f2328" },
    volume: { fill: "#fff8c5", line: "#9a6700", text: "#1f2328" },
  },
  dark: {
    outside: { fill: "#161b22", line: "#8b949e", text: "#f0f6fc" },
    service: { fill: "#0c2d6b", line: "#58a6ff", text: "#f0f6fc" },
    network: { fill: "#21262d", line: "#8b949e", text: "#f0f6fc" },
    volume: { fill: "#3b2300", line: "#d29922", text: "#f0f6fc" },
  },
};

/** Lines between parts, and the legend. */
export const EDGE_LOOKS: Readonly<Record<Theme, { readonly line: string; readonly text: string }>> = {
  light: { line: "#57606a", text: "#1f2328" },
  dark: { line: "#8b949e", text: "#f0f6fc" },
};

/** What each line means. */
const MEANINGS: Readonly<Record<GraphEdge["kind"], string>> = {
  port: "thick line: reached from outside",
  network: "line without arrow: on the network",
  writes: "arrow: writes",
  reads: "dashed arrow: only reads",
};

/** What the lines of a graph mean, one a line. */
export function legendOf({ edges }: DeploymentGraph): readonly string[] {
  return [...new Set(edges.map(({ kind }) => kind))].map((kind) => MEANINGS[kind]);
}
