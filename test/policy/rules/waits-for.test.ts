import { waitsFor } from "../../../lib/policy/rules/waits-for";
import { describeRule } from "../support";

describeRule(waitsFor({ web: ["db", "cache"] }), {
  breaks: [
    ["a dependency that nobody wrote", { services: { db: {}, web: {} } }, ["next/web", "services.web.depends_on"]],
    [
      "one of two",
      { services: { db: {}, cache: {}, web: { depends_on: { db: { condition: "service_healthy" } } } } },
      ["next/web", "services.web.depends_on"],
    ],
  ],
  holds: [
    ["one that is there", { services: { db: {}, web: { depends_on: { db: { condition: "service_healthy" } } } } }],
    ["a service that the deployment does not have", { services: { web: {} } }],
    [
      "the other way round",
      { services: { db: { depends_on: { other: { condition: "service_healthy" } } }, other: {} } },
    ],
  ],
});
