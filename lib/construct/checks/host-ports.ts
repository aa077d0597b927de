import { PortError, type PortMapping, parsePorts } from "../../compose/types/ports";
import type { Finding } from "../../report/finding";
import type { ComposeValue, YamlPath } from "../../spec";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { isMap, listOf, mapOf, namesIn } from "./model";

interface Taken {
  readonly host: string;
  readonly path: YamlPath;
  readonly profiles: readonly string[];
}

/** Ports that Compose cannot read, and ports of the host that two services take. */
export function* hostPorts(deployment: Deployment): Generator<Finding> {
  const takenBy = new Map<string, Taken[]>();
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
        const here: Taken = { host: host_ip ?? "", path, profiles };
        const others = takenBy.get(`${published}/${protocol}`) ?? [];
        const other = others.find((taken) => meet(taken, here));
        others.push(here);
        takenBy.set(`${published}/${protocol}`, others);
        if (other === undefined) continue;
        const reason = `port ${published}/${protocol} of the host is taken by ${other.path[1]} already`;
        const fix = "publish one of them on another port or address, or not at all";
        yield inDeployment(deployment, { code: "port-conflict", path, value: `${published}/${protocol}`, reason, fix });
      }
    }
  }
}

/** Both can run at once, on an address that they share. */
function meet(one: Taken, other: Taken): boolean {
  const sameHost = one.host === other.host || covers(one.host, other.host) || covers(other.host, one.host);
  const together =
    one.profiles.length === 0 ||
    other.profiles.length === 0 ||
    one.profiles.some((profile) => other.profiles.includes(profile));
  return sameHost && together;
}

/** Whether an address of the host stands for every address of the other's kind. */
function covers(one: string, other: string): boolean {
  if (one === "") return true;
  return one === (other.includes(":") ? "::" : "0.0.0.0");
}

/** The mappings of an entry. None when only the operator knows what it says. */
function read(entry: ComposeValue, deployment: Deployment): readonly PortMapping[] | PortError {
  const text = shortForm(entry);
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
