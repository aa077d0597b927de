import { neededVariables } from "../../../lib/policy/rules/needed-variables";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.environment.DATA"] as [string, string];

describeRule(
  neededVariables([
    { image: (name) => name.endsWith("/web"), facts: [{ names: ["DATA", "OLD_DATA"], without: "stops" }] },
  ]),
  {
    breaks: [
      ["nothing", web({}), AT],
      ["others", web({ environment: { OTHER: "x" } }), AT],
      [
        "its own program, whose end others wait for",
        {
          services: {
            web: { restart: "no" },
            next: { image: "x:1", depends_on: { web: { condition: "service_completed_successfully" } } },
          },
        },
        AT,
      ],
      ["one that is only passed on", web({ environment: ["DATA"] }), AT],
      [
        "one that an overlay takes away",
        { services: { web: { environment: { DATA: "x" } } }, overlay: { web: { environment: { DATA: null } } } },
        ["next/later/web", "services.web.environment.DATA"],
      ],
    ],
    holds: [
      ["the variable", web({ environment: { DATA: "" } })],
      ["the other name", web({ environment: ["OLD_DATA=x"] })],
      ["a file of variables", web({ env_file: "web.env" })],
      [
        "a command of its own, whose end others wait for",
        {
          services: {
            web: { entrypoint: ["tidy"], restart: "no" },
            next: { image: "x:1", depends_on: { web: { condition: "service_completed_successfully" } } },
          },
        },
      ],
      ["another image", web({ image: "other:v1" })],
    ],
  },
);
