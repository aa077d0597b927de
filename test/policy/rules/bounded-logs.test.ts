import { boundedLogs } from "../../../lib/policy/rules/bounded-logs";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.logging"] as [string, string];
const logging = (value: unknown) => web({ logging: value });

describeRule(boundedLogs, {
  breaks: [
    ["nothing", logging(undefined), AT],
    ["json-file alone", logging({ driver: "json-file" }), AT],
    ["a number of files without a size", logging({ driver: "json-file", options: { "max-file": "5" } }), AT],
    ["no size", logging({ driver: "json-file", options: { "max-size": "-1" } }), AT],
    [
      "an overlay that takes the bound away",
      { services: { web: {} }, overlay: { web: { logging: { driver: "json-file", options: { "max-size": "-1" } } } } },
      ["next/later/web", "services.web.logging"],
    ],
  ],
  holds: [
    ["a size for the engine's driver", logging({ options: { "max-size": "10m" } })],
    ["a variable size", logging({ driver: "json-file", options: { "max-size": "${LOGS:-10m}" } })],
    ["a driver that bounds itself", logging({ driver: "local" })],
    ["a driver that keeps nothing here", logging({ driver: "syslog" })],
  ],
});
