import { dependenciesOf } from "../../construct/checks/model";
import { reportsHealth } from "../health";
import type { Rule, Violation } from "../rule";
import { servicesOf } from "../service-view";

export const waitsForHealth: Rule = {
  id: "waits-for-health",
  what: "starts as soon as another service's process runs, though that service says when it is ready",
  why: "it meets a service that is still migrating its database, and fails, or waits forever",
  fix: "set condition: service_healthy",
  severity: "warning",
  *check(deployment): Generator<Violation> {
    const services = servicesOf(deployment);
    const healthy = new Set(services.filter((service) => reportsHealth(service, deployment)).map(({ name }) => name));
    for (const { spec, at } of services) {
      for (const { name, condition, key } of dependenciesOf(spec)) {
        if (key !== "depends_on" || condition !== "service_started" || !healthy.has(name)) continue;
        yield { path: at("depends_on", name), value: name };
      }
    }
  },
};
