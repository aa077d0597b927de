import { reportsHealth } from "../health";
import { eachService, type Rule } from "../rule";

export const healthcheckPresent: Rule = {
  id: "healthcheck-present",
  what: "has no healthcheck",
  why: "nobody can wait for it, and a service that hangs looks like one that works",
  fix: "give it a healthcheck that asks for the work the service does",
  severity: "error",
  check: eachService((service, deployment) =>
    service.isJob || service.spec.provider !== undefined || reportsHealth(service, deployment)
      ? undefined
      : { path: service.at("healthcheck") },
  ),
};
