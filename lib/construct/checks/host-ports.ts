import { Company } from "../../compose/loader/select";
import { PortError, type PortMapping, parsePorts } from "../../compose/types/ports";
import type { Finding } from "../../report/finding";
import type { ComposeValue, YamlPath } from "../../spec";
import { isMap, listOf, mapOf } from "../../spec/value";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { namesIn } from "./model";

interface Taken {
  readonly path: YamlPath;
  /** How many were taken before it. */
  readonly order: number;
}

/** Ports that Compose cannot read, and ports of the host that two services take. */
export function* hostPorts(deployment: Deployment): Generator<Finding> {
  const takenBy = new Map<string, Company<Taken>>();
  let order = 0;
  for (const [name, value] of Object.entries(deployment.services)) {
    const service = mapOf(value);
    const profiles = namesIn(service.profiles);
    for (const [index, entry] of listOf(service.ports).entries()) {
      const path = ["services", name, "ports", index];
      const mappings = read(entry, deployment);
      if (mappings instanceof PortError) {
        const fix = "write it as [address:][port of the host:]port of the container[/protocol]";
        yield inDeployment(deployment, { code: "invalid-port", path, reason: mappings.message, fix });
        continue;
      }
      for (const { published, host_ip, protocol } of mappings) {
        if (published === undefined || !/^\d+$/.test(published)) continue;
        const host = host_ip ?? "";
        const port = `${published}/${protocol}`;
        const others = meeting(host).flatMap((place) => takenBy.get(`${port} ${place}`)?.with(profiles) ?? []);
        const [other] = others.flatMap(([first]) => first ?? []).sort((a, b) => a.order - b.order);
        for (const place of standingAt(host)) {
          const takers = takenBy.get(`${port} ${place}`) ?? new Company<Taken>();
          takers.add(profiles, { path, order: order++ });
          takenBy.set(`${port} ${place}`, takers);
        }
        if (other === undefined) continue;
        const reason = `port ${port} of the host is taken by ${other.path[1]} already`;
        const fix = "publish one of them on another port or address, or not at all";
        yield inDeployment(deployment, { code: "port-conflict", path, value: port, reason, fix });
      }
    }
  }
}

const EVERY = "";
const EVERY_IPV4 = "0.0.0.0";
const EVERY_IPV6 = "::";

/** The names under which a port at an address is noted: the address, and each group of addresses that it is in. */
function standingAt(host: string): readonly string[] {
  const families = host === EVERY ? ["IPv4", "IPv6"] : [host.includes(":") ? "IPv6" : "IPv4"];
  return [`at ${host}`, "any", ...families];
}

/** The names under which all ports are noted that overlap with one at this address. */
function meeting(host: string): readonly string[] {
  if (host === EVERY) return ["any"];
  if (host === EVERY_IPV4) return ["IPv4"];
  if (host === EVERY_IPV6) return ["IPv6"];
  return [host, EVERY, host.includes(":") ? EVERY_IPV6 : EVERY_IPV4].map((one) => `at ${one}`);
}

/** The mappings of an entry. None when it depends on what only the operator knows. */
function read(entry: ComposeValue, deployment: Deployment): readonly PortMapping[] | PortError {
  const text = shortForm(entry);
  // The schema says of a list or a mapping that it is none of these.
  if (isMap(entry) && Object.values(entry).some((value) => typeof value === "object" && value !== null)) return [];
  try {
    return parsePorts(deployment.expand(text));
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return deployment.isOpen(text) ? [] : error;
  }
}

function shortForm(entry: ComposeValue): string {
  if (!isMap(entry)) return String(entry);
  const { host_ip, published, target, protocol } = entry;
  const part = (value: ComposeValue | undefined) => (value === undefined || value === null ? "" : String(value));
  const address = part(host_ip).includes(":") ? `[${part(host_ip)}]` : part(host_ip);
  return `${address}:${part(published)}:${part(target)}${part(protocol) && `/${part(protocol)}`}`;
}
