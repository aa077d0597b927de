import { restartSet } from "../../../lib/policy/rules/restart-set";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.restart"] as [string, string];

describeRule(restartSet, {
  breaks: [
    ["nothing", web({ restart: undefined }), AT],
    ["no", web({ restart: "no" }), AT],
    ["on-failure, which stays down after a reboot", web({ restart: "on-failure:3" }), AT],
    ["a policy of none", web({ restart: undefined, deploy: { restart_policy: { condition: "none" } } }), AT],
    [
      "an overlay that says no",
      { services: { web: {} }, overlay: { web: { restart: "no" } } },
      ["next/later/web", "services.web.restart"],
    ],
  ],
  holds: [
    ["always", web({ restart: "always" })],
    ["a variable", web({ restart: "${RESTART:-unless-stopped}" })],
    ["a policy", web({ restart: undefined, deploy: { restart_policy: { condition: "any" } } })],
    ["a policy with its default", web({ restart: undefined, deploy: { restart_policy: { delay: "5s" } } })],
    ["a tool that somebody starts by its profile", web({ restart: "no", profiles: ["tools"] })],
    [
      "a job",
      {
        services: {
          migrate: { restart: undefined },
          web: { depends_on: { migrate: { condition: "service_completed_successfully" } } },
        },
      },
    ],
  ],
});
