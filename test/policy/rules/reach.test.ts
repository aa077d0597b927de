import { reach } from "../../../lib/policy/rules/reach";
import { describeRule } from "../support";

const networks = { inner: null, outer: null };
const rule = reach({ vault: ["web"] });

describeRule(rule, {
  breaks: [
    ["the default network", { services: { vault: {}, web: {}, other: {} } }, ["next/other", "services.other.networks"]],
    [
      "a network of its own that a stranger joins",
      {
        services: {
          vault: { networks: ["inner"] },
          web: { networks: ["inner"] },
          other: { networks: { inner: null } },
        },
        topLevel: { networks },
      },
      ["next/other", "services.other.networks.inner"],
    ],
    [
      "somebody else's network",
      {
        services: {
          vault: { networks: ["inner"] },
          web: { networks: ["inner"] },
          other: { network_mode: "service:web" },
        },
        topLevel: { networks },
      },
      ["next/other", "services.other.networks"],
    ],
    [
      "an overlay that joins them",
      {
        services: {
          vault: { networks: ["inner"] },
          web: { networks: ["inner"] },
          other: { networks: { outer: null } },
        },
        topLevel: { networks },
        overlay: { other: { networks: { inner: null } } },
      },
      ["next/later/other", "services.other.networks.inner"],
    ],
  ],
  holds: [
    ["a friend", { services: { vault: {}, web: {} } }],
    [
      "networks of their own",
      {
        services: {
          vault: { networks: ["inner"] },
          web: { networks: ["inner", "outer"] },
          other: { networks: ["outer"] },
        },
        topLevel: { networks },
      },
    ],
    ["a stranger without a network", { services: { vault: {}, web: {}, other: { network_mode: "none" } } }],
  ],
});
