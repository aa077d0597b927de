import { readOnlyRoot } from "../../../lib/policy/rules/read-only-root";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.read_only"] as [string, string];

describeRule(readOnlyRoot, {
  breaks: [
    ["nothing", web({ read_only: undefined }), AT],
    ["false", web({ read_only: false }), AT],
    [
      "an overlay that opens it",
      { services: { web: {} }, overlay: { web: { read_only: false } } },
      ["next/later/web", "services.web.read_only"],
    ],
  ],
  holds: [
    ["true", web({ read_only: true })],
    ["a variable", web({ read_only: "${READ_ONLY:-true}" })],
  ],
});
