import { PortError, type PortMapping, parsePorts } from "../../compose";
import type { ComposeMap, ComposeValue, YamlPath } from "../../spec";
import type { Deployment } from "../deployment";
import type { Finding } from "../finding";
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
        takenBy.set(`${published}/${protocol}`, [...others, here]);
        const other = others.find((taken) => meet(taken, here));
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
  const everywhere = (host: string) => host === "" || host === "0.0.0.0" || host === "::";
  const sameHost = one.host === other.host || everywhere(one.host) || everywhere(other.host);
  const together =
    one.profiles.length === 0 ||
    other.profiles.length === 0 ||
    one.profiles.some((profile) => other.profiles.includes(profile));
  return sameHost && together;
}

function read(entry: ComposeValue, deployment: Deployment): readonly Omit<PortMapping, "target">[] | PortError {
  if (isMap(entry)) return [longForm(entry, deployment)];
  try {
    return parsePorts(deployment.expand(String(entry)));
  } catch (error) {
    if (error instanceof PortError) return error;
    throw error;
  }
}

function longForm(entry: ComposeMap, deployment: Deployment): Omit<PortMapping, "target"> {
  const text = (key: string) => {
    const value = entry[key];
    return value === undefined || value === null ? undefined : deployment.expand(String(value));
  };
  const published = text("published");
  const host_ip = text("host_ip");
  return {
    protocol: text("protocol") ?? "tcp",
    ...(published === undefined ? {} : { published }),
    ...(host_ip === undefined ? {} : { host_ip }),
  };
}
