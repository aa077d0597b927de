import { expect, it } from "vitest";
import { reach } from "../../../lib/policy/rules/reach";
import { describeRule, placesIn } from "../support";

const networks = { inner: null, outer: null };
const HEALTHY = { site: { condition: "service_healthy" } };
const rule = reach({ allowed: { vault: ["web"], web: ["vault"], site: ["vault"] }, open: ["site"] });

describeRule(rule, {
  breaks: [
    ["the default network", { services: { vault: {}, web: {}, other: {} } }, ["next/other", "services.other.networks"]],
    [
      "known services that say nothing to each other",
      { services: { site: { networks: ["inner"] }, web: { networks: ["inner"] } }, topLevel: { networks } },
      ["next/site", "services.site.networks.inner"],
    ],
    [
      "the default network, in which nobody says who they talk to",
      { services: { site: {}, other: {} } },
      ["next/other", "services.other.networks"],
    ],
    [
      "a network of more than the two that talk",
      {
        services: {
          site: { networks: ["inner"] },
          other: { networks: ["inner"], depends_on: HEALTHY },
          third: { networks: ["inner"], depends_on: HEALTHY },
        },
        topLevel: { networks },
      },
      ["next/other", "services.other.networks.inner"],
      ["next/third", "services.third.networks.inner"],
    ],
    [
      "a network of a stranger and one who talks to nobody but those it knows",
      { services: { vault: { networks: ["inner"] }, other: { networks: ["inner"] } }, topLevel: { networks } },
      ["next/other", "services.other.networks.inner"],
    ],
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
    ["one that depends on the other", { services: { site: {}, other: { depends_on: HEALTHY } } }],
    ["a friend that only one of the two names", { services: { vault: {}, site: {} } }],
    [
      "a network in which one depends on each of the others",
      {
        services: {
          base: { networks: ["inner"] },
          one: { networks: ["inner"], depends_on: { base: { condition: "service_healthy" } } },
          two: { networks: ["inner"], depends_on: { base: { condition: "service_healthy" }, one: HEALTHY.site } },
        },
        topLevel: { networks },
      },
    ],
    [
      "a network of the two that talk",
      { services: { site: { networks: ["inner"] }, other: { networks: ["inner"] } }, topLevel: { networks } },
    ],
    [
      "networks of their own",
      {
        services: {
          vault: { networks: ["inner"] },
          site: { networks: ["inner", "outer"] },
          other: { networks: ["outer"] },
        },
        topLevel: { networks },
      },
    ],
    ["a stranger without a network", { services: { vault: {}, web: {}, other: { network_mode: "none" } } }],
  ],
});

it("takes one word for both: of two that are known, one may name the other", () => {
  const oneSided = (allowed: { readonly [name: string]: readonly string[] }) =>
    placesIn({ services: { a: {}, b: {} } }, [reach({ allowed })]);
  expect(oneSided({ a: ["b"], b: [] })).toEqual([]);
  expect(oneSided({ a: [], b: ["a"] })).toEqual([]);
  expect(oneSided({ a: [], b: [] })).toHaveLength(2);
});
