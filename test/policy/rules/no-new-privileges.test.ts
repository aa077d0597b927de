import { noNewPrivileges } from "../../../lib/policy/rules/no-new-privileges";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.security_opt"] as [string, string];

describeRule(noNewPrivileges, {
  breaks: [
    ["nothing", web({ security_opt: undefined }), AT],
    ["another option", web({ security_opt: ["seccomp:unconfined"] }), AT],
    ["false", web({ security_opt: ["no-new-privileges:false"] }), AT],
    ["all rights", web({ privileged: true }), ["next/web", "services.web.privileged"]],
    [
      "an overlay that gives all rights",
      { services: { web: {} }, overlay: { web: { privileged: true } } },
      ["next/later/web", "services.web.privileged"],
    ],
  ],
  holds: [
    ["the short name", web({ security_opt: ["no-new-privileges"] })],
    ["an equals sign", web({ security_opt: ["apparmor:docker-default", "no-new-privileges=true"] })],
    ["no privileges said", web({ privileged: false })],
  ],
});
