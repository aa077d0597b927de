import { processLimit } from "../../../lib/policy/rules/process-limit";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.pids_limit"] as [string, string];

describeRule(processLimit, {
  breaks: [
    ["nothing", web({ pids_limit: undefined }), AT],
    ["none", web({ pids_limit: -1 }), AT],
    ["zero, which is none", web({ pids_limit: 0 }), AT],
    [
      "an overlay without a limit",
      { services: { web: {} }, overlay: { web: { pids_limit: -1 } } },
      ["next/later/web", "services.web.pids_limit"],
    ],
  ],
  holds: [
    ["a number", web({ pids_limit: 10 })],
    ["a variable", web({ pids_limit: "${PIDS:-10}" })],
    ["the limit of a deployment", web({ pids_limit: undefined, deploy: { resources: { limits: { pids: 10 } } } })],
  ],
});
