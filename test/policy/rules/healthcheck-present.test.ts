import { App, ComposeFile, Image, Policy, PRODUCTION_RULES, Service } from "lamb-compose";
import { expect, it } from "vitest";
import { healthcheckPresent } from "../../../lib/policy/rules/healthcheck-present";
import { describeRule, GOOD, web } from "../support";

const AT = ["next/web", "services.web.healthcheck"] as [string, string];

describeRule(healthcheckPresent, {
  breaks: [
    ["no healthcheck", web({ healthcheck: undefined }), AT],
    ["only its timing", web({ healthcheck: { interval: "5s" } }), AT],
    ["one that is turned off", web({ healthcheck: { ...GOOD.healthcheck, disable: true } }), AT],
    ["NONE", web({ healthcheck: { test: ["NONE"] } }), AT],
    [
      "an overlay that turns it off",
      { services: { web: {} }, overlay: { web: { healthcheck: { disable: true } } } },
      ["next/later/web", "services.web.healthcheck"],
    ],
  ],
  holds: [
    ["a text as a probe", web({ healthcheck: { test: "curl -f http://127.0.0.1/ready" } })],
    [
      "a job, whose end others wait for",
      {
        services: {
          migrate: { healthcheck: undefined, restart: "no" },
          web: { depends_on: { migrate: { condition: "service_completed_successfully" } } },
        },
      },
    ],
  ],
});

it("takes the word of a program that the image has one", () => {
  for (const hasHealthcheck of [true, false]) {
    const app = new App();
    const file = new ComposeFile(app, "next");
    const image = new Image("registry.example/web", { tag: "v1", hasHealthcheck });
    const { healthcheck: _, ...spec } = GOOD;
    new Service(file, "web", { ...spec, image });
    new Policy(file, "policy", { rules: PRODUCTION_RULES });
    expect(app.synth().findings.map(({ code }) => code)).toEqual(hasHealthcheck ? [] : ["healthcheck-present"]);
  }
});
