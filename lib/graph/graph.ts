import { addTo } from "../spec/group";
import { type ComposeMap, listOf, mapOf, textOf } from "../spec/value";

/** What a part of a deployment is. */
export type GraphKind = "outside" | "service" | "network" | "volume";

/** A part of a deployment. */
export interface GraphNode {
  /** Different from all others of the graph. */
  readonly id: string;
  readonly kind: GraphKind;
  /** What people call it: lines of text. */
  readonly lines: readonly string[];
}

/**
 * How two parts go together: a port leads from outside to a service; a service is on a network; it writes a volume or only
 * reads it.
 */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "port" | "network" | "writes" | "reads";
}

/** A deployment as parts and how they go together. */
export interface DeploymentGraph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const OUTSIDE = "outside";

/**
 * What a resolved project is made of: services with their images, the networks that they share, the ports through which they
 * are reached, and the volumes with who writes and who only reads them. Files of the host are not in it.
 *
 * @param model what `docker compose config --format json` prints, as data
 */
export function deploymentGraph(model: ComposeMap): DeploymentGraph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const mounts = new Map<string, string[]>();
  const add = (kind: GraphKind, name: string, ...more: readonly string[]) => {
    const id = `${kind} ${name}`;
    if (!nodes.has(id)) nodes.set(id, { id, kind, lines: [name, ...more.filter((line) => line !== "")] });
    return id;
  };
  const networks = mapOf(model.networks);
  for (const [name, value] of Object.entries(mapOf(model.services))) {
    const service = mapOf(value);
    const ports = listOf(service.ports).map((port) => portText(mapOf(port)));
    const at = add("service", name, textOf(service.image), ports.length > 0 ? `port ${ports.join(", ")}` : "");
    if (ports.length > 0) edges.push({ from: add(OUTSIDE, "outside"), to: at, kind: "port" });
    for (const key of Object.keys(mapOf(service.networks))) {
      const isInternal = mapOf(networks[key]).internal === true;
      edges.push({ from: at, to: add("network", key, isInternal ? "leads nowhere else" : ""), kind: "network" });
    }
    for (const { type, source, target, read_only } of listOf(service.volumes).map(mapOf)) {
      if (type !== "volume" || source === undefined) continue;
      const to = add("volume", textOf(source));
      edges.push({ from: at, to, kind: read_only === true ? "reads" : "writes" });
      addTo(mounts, to, `${name}: ${textOf(target)}`);
    }
  }
  // What is written at lines lies over other lines: it stands in the parts.
  const told = [...nodes.values()].map((node) => ({ ...node, lines: [...node.lines, ...(mounts.get(node.id) ?? [])] }));
  return { name: textOf(model.name), nodes: told, edges };
}

/** What a port publishes on the host, such as `443` or `127.0.0.1:53/udp`. */
export function portText(port: ComposeMap): string {
  const address = textOf(port.host_ip);
  const host = address.includes(":") ? `[${address}]` : address;
  const before = host === "" || host === "0.0.0.0" ? "" : `${host}:`;
  const protocol = textOf(port.protocol);
  return `${before}${textOf(port.published) || "any"}${protocol === "" || protocol === "tcp" ? "" : `/${protocol}`}`;
}
