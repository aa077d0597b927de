import { jobEnds } from "../../../lib/policy/rules/job-ends";
import { describeRule, type Program } from "../support";

const healthy = { migrate: { condition: "service_healthy" } };

/** `web` waits for the end of `migrate`. */
function awaited(migrate: Program["services"][string]): Program {
  return { services: { migrate, web: { depends_on: { migrate: { condition: "service_completed_successfully" } } } } };
}

const AT = ["next/migrate", "services.migrate.restart"] as [string, string];

describeRule(jobEnds, {
  breaks: [
    ["one that comes back", awaited({}), AT],
    ["one that always comes back", awaited({ restart: "always" }), AT],
    ["one that does by default", awaited({ restart: "${RESTART:-always}" }), AT],
    [
      "one that comes back by its deploy",
      awaited({ restart: undefined, deploy: { restart_policy: { delay: "5s" } } }),
      ["next/migrate", "services.migrate.deploy.restart_policy"],
    ],
    [
      "one that an overlay waits for",
      {
        services: { migrate: {}, web: {} },
        overlay: { web: { depends_on: { migrate: { condition: "service_completed_successfully" } } } },
      },
      AT,
    ],
  ],
  holds: [
    ["one that ends", awaited({ restart: "no" })],
    ["one that says nothing", awaited({ restart: undefined })],
    ["one that is tried again after a failure", awaited({ restart: "on-failure:3" })],
    ["a service that others need running", { services: { migrate: {}, web: { depends_on: healthy } } }],
    ["a job that nobody waits for", { services: { web: { restart: "no", healthcheck: undefined } } }],
  ],
});
