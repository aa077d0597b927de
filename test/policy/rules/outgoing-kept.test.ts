import { outgoingKept } from "../../../lib/policy/rules/outgoing-kept";
import { describeRule, type Program } from "../support";

const joined = (...names: string[]): Program => ({
  services: { web: { networks: names } },
  topLevel: { networks: { inner: { internal: true }, outer: null } },
});

describeRule(outgoingKept(["web"]), {
  breaks: [
    ["an internal network alone", joined("inner"), ["next/web", "services.web.networks"]],
    ["no network", { services: { web: { network_mode: "none" } } }, ["next/web", "services.web.network_mode"]],
    [
      "a default network that is internal",
      { services: { web: {} }, topLevel: { networks: { default: { internal: true } } } },
      ["next/web", "services.web.networks"],
    ],
  ],
  holds: [
    ["the default network", { services: { web: {} } }],
    ["one that leads outside", joined("inner", "outer")],
    [
      "a service that needs nothing outside",
      { services: { db: { networks: ["inner"] } }, topLevel: { networks: { inner: { internal: true } } } },
    ],
  ],
});
