import { namesIn } from "../../construct/checks/model";
import type { Deployment } from "../../construct/synth/deployment";
import type { YamlPath } from "../../spec";
import { listOf, mapOf } from "../../spec/value";
import { mountsOf } from "../mounts";
import type { Rule, Violation } from "../rule";
import { type ServiceView, servicesOf } from "../service-view";

/** Stands for the profile of a service that always runs. */
const ALWAYS = "";

interface Write {
  readonly volume: string;
  readonly path: YamlPath;
}

export const oneWriter: Rule = {
  id: "one-writer",
  what: "writes a volume that another service writes, too, and nothing says why",
  why: "two programs that both treat the files as their own corrupt or lock them",
  fix: 'mount it read-only, or in a program give the reason: `volume.at(path, { reason: "…" })`',
  severity: "error",
  *check(deployment): Generator<Violation> {
    const reasons = reasonsIn(deployment);
    const services = servicesOf(deployment);
    const byName = new Map(services.map((service) => [service.name, service]));
    const writers = new Map<string, Map<string, string>>();
    for (const service of services) {
      const own = new Set<string>();
      for (const { volume, path } of [...ownWrites(service), ...borrowedWrites(service, byName)]) {
        if (own.has(volume) || reasons.has(`${service.name} ${volume}`)) continue;
        own.add(volume);
        const present = writers.get(volume) ?? new Map<string, string>();
        writers.set(volume, present);
        const other = writerBeside(service, present);
        const copies = copiesOf(service);
        if (other !== undefined) {
          yield { path, value: volume, reason: `writes the volume of ${other}, too, and nothing says why` };
        } else if (copies > 1) {
          yield { path, value: volume, reason: `writes the volume from ${copies} containers at once` };
        }
        for (const profile of profilesOf(service)) if (!present.has(profile)) present.set(profile, service.name);
      }
    }
  },
};

/** Service and volume of every mount that says why it writes. */
function reasonsIn(deployment: Deployment): ReadonlySet<string> {
  const reasons = new Set<string>();
  for (const { register } of deployment.files) {
    for (const { what, construct } of register.mounts)
      if (what.reason !== undefined) reasons.add(`${construct.name} ${what.volume.name}`);
  }
  return reasons;
}

function ownWrites(service: ServiceView): readonly Write[] {
  return mountsOf(service)
    .filter(({ type, source, readOnly }) => type === "volume" && source !== "" && !readOnly)
    .map(({ source, index }) => ({ volume: source, path: service.at("volumes", index) }));
}

/** What a service writes because it has all mounts of another one. */
function borrowedWrites(service: ServiceView, byName: ReadonlyMap<string, ServiceView>): readonly Write[] {
  return listOf(service.spec.volumes_from).flatMap((entry, index) => {
    const [name = "", mode] = service.text(entry).split(":");
    const lender = byName.get(name);
    if (lender === undefined || mode === "ro") return [];
    return ownWrites(lender).map(({ volume }) => ({ volume, path: service.at("volumes_from", index) }));
  });
}

/** A writer that can run at the same time: one without profiles, or with one of the same profiles. */
function writerBeside(service: ServiceView, present: ReadonlyMap<string, string>): string | undefined {
  const profiles = profilesOf(service);
  if (profiles.includes(ALWAYS)) return present.values().next().value;
  return [ALWAYS, ...profiles].map((profile) => present.get(profile)).find((name) => name !== undefined);
}

function profilesOf({ spec }: ServiceView): readonly string[] {
  const profiles = namesIn(spec.profiles);
  return profiles.length === 0 ? [ALWAYS] : profiles;
}

function copiesOf({ spec, text }: ServiceView): number {
  return Number(text(spec.scale) || text(mapOf(spec.deploy).replicas) || "1");
}
