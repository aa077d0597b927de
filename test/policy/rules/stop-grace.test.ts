import { stopGrace } from "../../../lib/policy/rules/stop-grace";
import { describeRule, web } from "../support";

describeRule(stopGrace, {
  breaks: [["nothing", web({ stop_grace_period: undefined }), ["next/web", "services.web.stop_grace_period"]]],
  holds: [
    ["a time", web({ stop_grace_period: "1m30s" })],
    ["a variable", web({ stop_grace_period: "${GRACE:-30s}" })],
  ],
});
