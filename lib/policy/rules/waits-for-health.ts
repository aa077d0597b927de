import { dependenciesOf, mapOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

export const waitsForHealth: Rule = {
  id: "waits-for-health",
  what: "starts as soon as another service's process runs, though that service says when it is ready",
  why: "it meets a service that is still migrating its database, and fails or waits without an end",
  fix: "wait for service_healthy",
  severity: "warning",
  check: eachService(({ spec, at }, deployment) =>
    dependenciesOf(spec)
      .filter(({ name, condition, key }) => {
        const healthcheck = mapOf(mapOf(deployment.services[name]).healthcheck);
        return (
          key === "depends_on" &&
          condition === "service_started" &&
          healthcheck.test !== undefined &&
          healthcheck.disable !== true
        );
      })
      .map(({ name }) => ({ path: at("depends_on", name) })),
  ),
};
