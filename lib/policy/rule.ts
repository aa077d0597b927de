import type { Deployment } from "../construct/synth/deployment";
import type { RuleText } from "../report/finding";
import type { YamlPath } from "../spec";
import { type MountView, mountsOf } from "./mounts";
import { type EnvironmentEntry, environmentOf, type ServiceView, servicesOf } from "./service-view";

/** A place at which a rule does not hold. */
export interface Violation {
  /** Where, in the merged project. */
  readonly path: YamlPath;
  /** The value, unless it could be a secret. */
  readonly value?: string;
  /** What is wrong here, when the rule's `what` does not say it already. */
  readonly reason?: string;
  /** What to do here, when the rule's `fix` does not say it already. */
  readonly fix?: string;
}

/** A rule for production, checked on every deployment: on what will run, after all overlays. */
export interface Rule extends RuleText {
  /** The places of a deployment at which it does not hold. */
  readonly check: (deployment: Deployment) => Iterable<Violation>;
}

/** A rule's check that looks at each service by itself: no answer means that it holds. */
export function eachService(
  violation: (service: ServiceView, deployment: Deployment) => Violation | readonly Violation[] | undefined,
): Rule["check"] {
  return function* (deployment) {
    for (const service of servicesOf(deployment)) {
      const found = violation(service, deployment);
      if (found === undefined) continue;
      if (isOne(found)) yield found;
      else yield* found;
    }
  };
}

/** A rule's check that looks at each mount of each service by itself. */
export function eachMount(isWrong: (mount: MountView, service: ServiceView) => boolean): Rule["check"] {
  return eachService((service) =>
    mountsOf(service)
      .filter((mount) => isWrong(mount, service))
      .map(({ text, index }) => ({ path: service.at("volumes", index), value: text })),
  );
}

/** A rule's check that looks at each variable of each container by itself. Its value, which can be a secret, is not shown. */
export function eachVariable(isWrong: (variable: EnvironmentEntry, deployment: Deployment) => boolean): Rule["check"] {
  return eachService((service, deployment) =>
    environmentOf(service)
      .filter((variable) => isWrong(variable, deployment))
      .map(({ path }) => ({ path: service.at(...path) })),
  );
}

function isOne(found: Violation | readonly Violation[]): found is Violation {
  return !Array.isArray(found);
}
