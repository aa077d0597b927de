import type { Construct } from "constructs";
import { DataVolume } from "../construct/data-volume";
import { Healthcheck } from "../construct/healthcheck";
import { Port } from "../construct/port";
import type { Service, ServiceProps } from "../construct/service";
import { Volume } from "../construct/volume";
import type { Policy } from "../policy/policy";
import type { Folder, ServiceFacts } from "./facts/service";

/** What a service gets that says nothing of its own, as its facts have it. Its image and its mounts it says itself. */
export function propsOf({ environment, port, probe, published, memory }: ServiceFacts): ServiceProps {
  return {
    environment,
    expose: [String(port)],
    healthcheck: typeof probe === "string" ? Healthcheck.command(["python", "-IS", "-c", probe]) : probe,
    ...(published === undefined ? {} : { ports: [Port.loopback(port, { published })] }),
    ...(memory === undefined ? {} : { mem_limit: memory }),
  };
}

/** The volume of a folder. What people made moves with the generation of the data. */
export function volumeOf(scope: Construct, { volume, loss, stores }: Folder): Volume {
  if (loss !== "data") return new Volume(scope, volume);
  const databases = stores.filter(({ copy }) => copy === "database").map(({ path }) => path);
  return new DataVolume(scope, volume, databases.length === 0 ? {} : { databases });
}

/** Lets a service write its root file system when its facts say why it must. */
export function expectWrittenRoot(policy: Policy, service: Service, { writesRoot }: ServiceFacts): void {
  if (writesRoot !== undefined) policy.suppress("read-only-root", service, writesRoot);
}
