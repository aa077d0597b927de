import { fixedValues } from "../../../lib/policy/rules/fixed-values";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.environment.PORT"] as [string, string];
const port = (PORT: unknown) => web({ environment: { PORT } });

describeRule(
  fixedValues([
    { image: (name) => name.endsWith("/web"), facts: [{ name: "PORT", value: "80", because: "it is built in" }] },
  ]),
  {
    breaks: [
      ["a choice", port("${PORT:-80}"), AT],
      ["another value", port("81"), AT],
      ["what is passed on", port(null), AT],
      ["a choice in a list", web({ environment: ["PORT=${PORT:-80}"] }), ["next/web", "services.web.environment.PORT"]],
    ],
    holds: [
      ["the value", port("80")],
      ["the value as a number", port(80)],
      ["nothing", web({})],
      ["another image", web({ image: "other:v1", environment: { PORT: "${PORT:-80}" } })],
    ],
  },
);
