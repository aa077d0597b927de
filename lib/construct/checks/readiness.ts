import type { Finding } from "../../report/finding";
import type { ComposeMap } from "../../spec";
import { mapOf } from "../../spec/value";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";

/** Services that wait for the health of a service which never reports any. */
export function* readiness(deployment: Deployment): Generator<Finding> {
  for (const name of Object.keys(deployment.services)) {
    for (const { name: other, condition } of deployment.dependenciesOf(name)) {
      if (condition !== "service_healthy" || !Object.hasOwn(deployment.services, other)) continue;
      if (reportsHealth(other, mapOf(deployment.services[other]), deployment)) continue;
      yield inDeployment(deployment, {
        code: "no-healthcheck",
        path: ["services", name, "depends_on", other],
        reason: `waits until ${other} is healthy, and ${other} has no healthcheck: Compose would refuse to start`,
        fix: `give ${other} a healthcheck, or say that its image has one: new Image(…, { hasHealthcheck: true })`,
      });
    }
  }
}

function reportsHealth(name: string, service: ComposeMap, deployment: Deployment): boolean {
  const healthcheck = service.healthcheck;
  if (healthcheck === undefined || healthcheck === null) return deployment.imageHasHealthcheck(name);
  const { disable, test } = mapOf(healthcheck);
  const off = disable === true || test === "NONE" || (Array.isArray(test) && test[0] === "NONE");
  return !off && (test !== undefined || deployment.imageHasHealthcheck(name));
}
