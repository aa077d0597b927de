import { dependenciesOf } from "../construct/checks/model";
import { type ImageName, imageName } from "../construct/image/name";
import { memoize } from "../construct/memoize";
import type { Deployment } from "../construct/synth/deployment";
import type { ComposeMap, ComposeValue, YamlPath } from "../spec";
import { isMap, listOf, mapOf } from "../spec/value";
import { probeOf } from "./health";

/** A service or a job of a deployment, as it will run. */
export interface ServiceView {
  readonly name: string;
  /** What all files together say of it, variables not expanded. */
  readonly spec: ComposeMap;
  /** Others wait for its end. */
  readonly isAwaited: boolean;
  /**
   * It runs once: it is a job of the specification, others wait for its end, or it has `restart: "no"`, no healthcheck, and nobody who needs it running.
   */
  readonly isJob: boolean;
  /** It runs a command of its own and not its image's program: others wait for its end, and it has its own entrypoint. */
  readonly runsCommand: boolean;
  /** The image, variables at their defaults. */
  readonly image: ImageName | undefined;
  /** Path of the service, with further steps. */
  at(...steps: (string | number)[]): YamlPath;
  /** A value as text, variables at their defaults. Empty for a list, a mapping, and for nothing. */
  text(value: ComposeValue | undefined): string;
  /** The same for people: as written when only the operator knows what it will be. */
  shown(value: ComposeValue | undefined): string;
}

/** The services and the jobs of a deployment. */
export const servicesOf: (deployment: Deployment) => readonly ServiceView[] = memoize(viewsOf);

function viewsOf(deployment: Deployment): readonly ServiceView[] {
  const entries = ["services", "jobs"].flatMap((section) =>
    Object.entries(mapOf(deployment.project[section])).map(([name, value]) => [name, mapOf(value), section] as const),
  );
  const awaited = new Set<string>();
  const needed = new Set<string>();
  for (const [, spec] of entries) {
    for (const { name, condition } of dependenciesOf(spec))
      (condition === "service_completed_successfully" ? awaited : needed).add(name);
  }
  const text = (value: ComposeValue | undefined) =>
    value === undefined || value === null || typeof value === "object" ? "" : deployment.expand(String(value));
  const shown = (value: ComposeValue | undefined) => {
    const isOpen = typeof value === "string" && deployment.isOpen(value);
    return isOpen ? value : text(value);
  };
  return entries.map(([name, spec, section]) => ({
    name,
    spec,
    isAwaited: awaited.has(name),
    runsCommand: awaited.has(name) && spec.entrypoint !== undefined && spec.entrypoint !== null,
    isJob:
      section === "jobs" ||
      awaited.has(name) ||
      (text(spec.restart) === "no" && probeOf(spec).length === 0 && !needed.has(name)),
    image: typeof spec.image === "string" ? imageName(text(spec.image)) : undefined,
    at: (...steps) => [section, name, ...steps],
    text,
    shown,
  }));
}

/** A variable of a service's container. */
export interface EnvironmentEntry {
  readonly name: string;
  /** As the file has it. `null` or `undefined` when Compose passes on the operator's. */
  readonly value: ComposeValue | undefined;
  /** Steps from the service to the entry. */
  readonly path: YamlPath;
}

/**
 * The variables of a service's container, from a mapping or a list. The path is by name in both, because a merge makes
 * one of the other.
 */
export const environmentOf: (service: Pick<ServiceView, "spec">) => readonly EnvironmentEntry[] = memoize(
  ({ spec: { environment } }) => {
    if (isMap(environment)) return Object.entries(environment).map(([name, value]) => entryOf(name, value));
    return listOf(environment).map((entry) => {
      const [name = "", ...rest] = String(entry).split("=");
      return entryOf(name, rest.length === 0 ? undefined : rest.join("="));
    });
  },
);

function entryOf(name: string, value: ComposeValue | undefined): EnvironmentEntry {
  return { name, value, path: ["environment", name] };
}
