import { waitsForHealth } from "../../../lib/policy/rules/waits-for-health";
import { describeRule } from "../support";

const pair = (depends_on: unknown, database = {}) => ({ services: { db: database, web: { depends_on } } });

describeRule(waitsForHealth, {
  breaks: [
    ["a mapping", pair({ db: { condition: "service_started" } }), ["next/web", "services.web.depends_on.db"]],
    ["a list", pair(["db"]), ["next/web", "services.web.depends_on.db"]],
    [
      "an overlay that takes the condition back",
      {
        services: { db: {}, web: { depends_on: { db: { condition: "service_healthy" } } } },
        overlay: { web: { depends_on: { db: { condition: "service_started" } } } },
      },
      ["next/later/web", "services.web.depends_on.db"],
    ],
  ],
  holds: [
    ["the health", pair({ db: { condition: "service_healthy" } })],
    ["the end of a job", pair({ db: { condition: "service_completed_successfully" } }, { restart: "no" })],
  ],
});
