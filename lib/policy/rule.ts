import { listOf, mapOf } from "../construct/checks/model";
import type { Deployment } from "../construct/deployment";
import type { ComposeMap, ComposeValue, YamlPath } from "../spec";

/** A place at which a rule does not hold. */
export interface Violation {
  /** Where, in the merged project. */
  readonly path: YamlPath;
  /** The value, unless it could be a secret. */
  readonly value?: string;
  /** What is wrong here, when the rule's `what` does not say it already. */
  readonly reason?: string;
}

/** A rule for production, checked on every deployment: on what will run, after all overlays. */
export interface Rule {
  /** Name of the rule, such as `image-pinned`. */
  readonly id: string;
  /** What is wrong where the rule does not hold: the end of a sentence that begins with the place. */
  readonly what: string;
  /** What happens to a deployment without it. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  readonly severity: "error" | "warning";
  /** The places of a deployment at which it does not hold. */
  readonly check: (deployment: Deployment) => Iterable<Violation>;
}

/** A service of a deployment, as it will run. */
export interface ServiceView {
  readonly name: string;
  readonly spec: ComposeMap;
  /** Path of the service, with further steps. */
  at(...steps: (string | number)[]): YamlPath;
}

/** The services of a deployment. */
export function servicesOf(deployment: Deployment): readonly ServiceView[] {
  return Object.entries(deployment.services).map(([name, value]) => ({
    name,
    spec: mapOf(value),
    at: (...steps) => ["services", name, ...steps],
  }));
}

/** A rule's check that looks at each service by itself: no answer means that it holds. */
export function eachService(
  violation: (service: ServiceView, deployment: Deployment) => Violation | readonly Violation[] | undefined,
): Rule["check"] {
  return function* (deployment) {
    for (const service of servicesOf(deployment)) yield* [violation(service, deployment) ?? []].flat();
  };
}

/** The variables of a service's container: name and value, `undefined` when Compose passes on the operator's. */
export function environmentOf(
  service: ComposeMap,
): readonly { readonly name: string; readonly value: ComposeValue | undefined }[] {
  const { environment } = service;
  if (!Array.isArray(environment)) return Object.entries(mapOf(environment)).map(([name, value]) => ({ name, value }));
  return listOf(environment).map((entry) => {
    const [name = "", ...rest] = String(entry).split("=");
    return { name, value: rest.length === 0 ? undefined : rest.join("=") };
  });
}
