import { fileURLToPath } from "node:url";
import { instance } from "@viz-js/viz";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { dotText } from "../../lib/graph/dot";
import { type DeploymentGraph, deploymentGraph } from "../../lib/graph/graph";
import { mermaidText } from "../../lib/graph/mermaid";
import { graphOf } from "../../lib/operate/graph";

const GRAPH = deploymentGraph({
  name: "shop",
  services: {
    web: {
      image: "registry.example/web:1",
      ports: [
        { target: 80, published: "8000", host_ip: "127.0.0.1", protocol: "tcp" },
        { target: 53, published: "53", protocol: "udp" },
      ],
      networks: { default: null, back: { aliases: ["w"] } },
      volumes: [
        { type: "volume", source: "data", target: "/data", read_only: true },
        { type: "bind", source: "/srv", target: "/srv" },
        { type: "volume", target: "/nameless" },
      ],
    },
    db: { networks: { back: null }, volumes: [{ type: "volume", source: "data", target: "/var/lib" }] },
  },
  networks: { default: { name: "shop_default" }, back: { internal: true } },
  volumes: { data: { name: "shop_data" } },
});

const READ_BACK = z.object({
  objects: z.array(z.object({ _gvid: z.number(), label: z.string() })).default([]),
  edges: z.array(z.object({ tail: z.number(), head: z.number() })).default([]),
});

/** What Graphviz itself makes of its text: labels of the parts, and which lead to which. */
async function readByGraphviz(text: string) {
  const { objects, edges } = READ_BACK.parse((await instance()).renderJSON(text));
  // Labels are given back with their escapes.
  const labelOf = (label: string) => label.replace(/\\(.)/g, (_, sign) => (sign === "n" ? "\n" : sign));
  const labels = new Map(objects.map(({ _gvid, label }) => [_gvid, labelOf(label)]));
  return { nodes: [...labels.values()], edges: edges.map(({ tail, head }) => [labels.get(tail), labels.get(head)]) };
}

describe("the graph of a deployment", () => {
  it("has its services, the networks that they share, the ports, and who writes what", () => {
    expect(GRAPH.nodes.map(({ kind, lines }) => `${kind}: ${lines.join(" | ")}`)).toEqual([
      "service: web | registry.example/web:1 | port 127.0.0.1:8000, 53/udp",
      "outside: outside",
      "network: default",
      "network: back | leads nowhere else",
      "volume: data | web: /data | db: /var/lib",
      "service: db",
    ]);
    expect(GRAPH.edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`)).toEqual([
      "outside outside port service web",
      "service web network network default",
      "service web network network back",
      "service web reads volume data",
      "service db network network back",
      "service db writes volume data",
    ]);
  });

  it("is a flowchart of Mermaid", () => {
    expect(mermaidText(GRAPH, "light").split("\n").slice(0, 14)).toEqual([
      "flowchart LR",
      '  n0["web<br/>registry.example/web:1<br/>port 127.0.0.1:8000, 53/udp"]:::service',
      '  n1(["outside"]):::outside',
      '  n2{{"default"}}:::network',
      '  n3{{"back<br/>leads nowhere else"}}:::network',
      '  n4[("data<br/>web: /data<br/>db: /var/lib")]:::volume',
      '  n5["db"]:::service',
      "  n1 ==> n0",
      "  n0 --- n2",
      "  n0 --- n3",
      "  n0 -.-> n4",
      "  n5 --- n3",
      "  n5 --> n4",
      '  legend["thick line: reached from outside<br/>line without arrow: on the network<br/>dashed arrow: only reads<br/>arrow: writes"]:::network',
    ]);
  });

  it("is the same in both themes, but for the colours", () => {
    const grey = (text: string) => text.replace(/#[0-9a-f]{6}/g, "#");
    expect(grey(mermaidText(GRAPH, "dark"))).toBe(grey(mermaidText(GRAPH, "light")));
    expect(grey(dotText(GRAPH, "dark"))).toBe(grey(dotText(GRAPH, "light")));
    expect(dotText(GRAPH, "dark")).not.toBe(dotText(GRAPH, "light"));
  });

  it("says the same to Graphviz, whatever its names are", async () => {
    const name = fc.string({ minLength: 1, unit: "grapheme-ascii" });
    const graphs = fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).map((names): DeploymentGraph => {
      const nodes = names.map((one) => ({ id: `service ${one}`, kind: "service" as const, lines: [one, "image"] }));
      const edges = nodes.map(({ id }) => ({ from: id, to: nodes[0]?.id ?? "", kind: "writes" as const }));
      return { name: names[0] ?? "", nodes, edges };
    });
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const read = await readByGraphviz(dotText(graph, "light"));
        const labels = new Map(graph.nodes.map(({ id, lines }) => [id, lines.join("\n")]));
        expect(read.nodes).toEqual([...labels.values()]);
        expect(read.edges).toEqual(graph.edges.map(({ from, to }) => [labels.get(from), labels.get(to)]));
      }),
      { numRuns: 50 },
    );
  });

  it("lets no name end a text of Mermaid", () => {
    const graph = deploymentGraph({ name: "p", services: { 'a"] --> x["b': { image: "<script>%{`" } } });
    expect(mermaidText(graph, "light").split("\n")[1]).toBe(
      '  n0["a#34;#93; --#62; x#91;#34;b<br/>#60;script#62;#37;#123;#96;"]:::service',
    );
  });

  it.each(["light", "dark"] as const)("is drawn from the files of a directory, for a %s background", async (theme) => {
    const dir = fileURLToPath(new URL("../golden/prod", import.meta.url));
    const svg = await graphOf({ dir, environment: {}, format: "svg", theme });
    for (const name of ["lamb", "openwebui", "caddy", "openwebui-data", "edge-lamb"])
      expect(svg.replaceAll("&#45;", "-")).toContain(`>${name}<`);
    expect(svg).toContain(">lamb: /data/openwebui<");
    // Names stay inside their boxes where the browser takes a wide font: DejaVu Sans has 6.9 points for a character.
    const boxes = [...svg.matchAll(/points="([^"]+)"\/>\s*((?:<text[^>]*>[^<]*<\/text>\s*)+)/g)];
    for (const [, points = "", texts = ""] of boxes) {
      const across = points.split(" ").map((point) => Number(point.split(",")[0]));
      const longest = Math.max(
        ...[...texts.matchAll(/>([^<]*)</g)].map(([, text = ""]) => text.replace(/&#\d+;/g, "-").trim().length),
      );
      expect(Math.max(...across) - Math.min(...across), texts).toBeGreaterThan(longest * 6.9);
    }
    expect(boxes.length).toBeGreaterThan(7);
  });
});
