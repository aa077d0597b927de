import { droppedCapabilities } from "../../../lib/policy/rules/dropped-capabilities";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.cap_drop"] as [string, string];

describeRule(droppedCapabilities, {
  breaks: [
    ["nothing", web({ cap_drop: undefined }), AT],
    ["some", web({ cap_drop: ["NET_RAW"] }), AT],
    ["all, and all back", web({ cap_add: ["all"] }), ["next/web", "services.web.cap_add[0]"]],
    [
      "one that is as good as all",
      web({ cap_add: ["CHOWN", "CAP_SYS_ADMIN"] }),
      ["next/web", "services.web.cap_add[1]"],
    ],
    [
      "an overlay that takes all back",
      { services: { web: {} }, overlay: { web: { cap_add: ["ALL"] } } },
      ["next/later/web", "services.web.cap_add[0]"],
    ],
  ],
  holds: [
    ["small letters, as the engine takes them", web({ cap_drop: ["all"] })],
    ["the few that are needed", web({ cap_add: ["NET_BIND_SERVICE"] })],
  ],
});
