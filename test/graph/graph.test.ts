import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dotText } from "../../lib/graph/dot";
import { deploymentGraph } from "../../lib/graph/graph";
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

  it("is a text of Graphviz's, in which labels have their escapes", () => {
    const name = 'a\\"b\\';
    const text = dotText(deploymentGraph({ name: "p", services: { [name]: { networks: { [name]: null } } } }), "light");
    // Read back by Graphviz 16.1.0, `dot -T json`: two nodes of this label, and an edge between them.
    expect(text.match(/n\d \[label="(?:[^"\\]|\\.)*"|n\d -> n\d/g)).toEqual([
      'n0 [label="a\\\\\\"b\\\\"',
      'n1 [label="a\\\\\\"b\\\\"',
      "n0 -> n1",
    ]);
  });

  it("lets no name end a text of Mermaid", () => {
    const graph = deploymentGraph({ name: "p", services: { 'a"] --> x["b': { image: "<script>%{`" } } });
    expect(mermaidText(graph, "light").split("\n")[1]).toBe(
      '  n0["a#34;#93; --#62; x#91;#34;b<br/>#60;script#62;#37;#123;#96;"]:::service',
    );
  });

  it("is made of the files of a directory, without an .env", async () => {
    const dir = fileURLToPath(new URL("../golden/prod", import.meta.url));
    const text = await graphOf({ dir, environment: {}, format: "dot", theme: "dark" });
    expect(text).toContain('label="openwebui-data\\nlamb: /data/openwebui\\nopenwebui: /app/backend/data"');
    expect(text.match(/ -> /g)).toHaveLength(19);
  });
});
