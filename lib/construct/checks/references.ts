import type { Finding } from "../../report/finding";
import type { ComposeMap, YamlPath } from "../../spec";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { contextsOf, extendedBy, filesOf, mapOf, namesIn, volumesOf } from "./model";

/** What a service refers to by name: where the name stands, and which section must have it. */
const REFERENCES: readonly {
  readonly key: string;
  readonly section: string;
  readonly names: (service: ComposeMap) => readonly string[];
}[] = [
  {
    key: "networks",
    section: "networks",
    names: ({ networks }) => namesIn(networks),
  },
  { key: "volumes", section: "volumes", names: volumesOf },
  { key: "configs", section: "configs", names: (service) => filesOf(service, "configs") },
  { key: "secrets", section: "secrets", names: (service) => filesOf(service, "secrets") },
  { key: "models", section: "models", names: ({ models }) => namesIn(models) },
  { key: "build", section: "secrets", names: ({ build }) => filesOf(mapOf(build), "secrets") },
  { key: "build", section: "services", names: ({ build }) => contextsOf(mapOf(build)) },
  { key: "extends", section: "services", names: extendedBy },
];

/** Names that stand for nothing. Files that include others are left to Compose's own reading: those bring names. */
export function* references(deployment: Deployment): Generator<Finding> {
  if (deployment.project.include !== undefined) return;
  for (const [name, value] of Object.entries(deployment.services)) {
    const service = mapOf(value);
    for (const { name: other, key } of deployment.dependenciesOf(name)) {
      if (!Object.hasOwn(deployment.services, other))
        yield dangling(deployment, ["services", name, key], "service", other);
    }
    for (const { key, section, names } of REFERENCES) {
      const declared = mapOf(deployment.project[section]);
      for (const other of names(service)) {
        if (!Object.hasOwn(declared, other) && !other.includes("$") && !isImplicit(section, other)) {
          yield dangling(deployment, ["services", name, key], section.slice(0, -1), other);
        }
      }
    }
  }
}

/** Compose declares the default network by itself. */
function isImplicit(section: string, name: string): boolean {
  return section === "networks" && name === "default";
}

function dangling(deployment: Deployment, path: YamlPath, kind: string, value: string): Finding {
  const reason = `refers to a ${kind} that no file of the deployment has`;
  return inDeployment(deployment, {
    code: "dangling-reference",
    path,
    value: JSON.stringify(value),
    reason,
    fix: `create the ${kind}, use the construct instead of its name, or correct the name`,
  });
}
