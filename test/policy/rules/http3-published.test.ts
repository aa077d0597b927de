import { expect, it } from "vitest";
import { http3Published } from "../../../lib/policy/rules/http3-published";
import { loopbackPorts } from "../../../lib/policy/rules/loopback-ports";
import { describeRule, placesIn, web } from "../support";

const rule = http3Published((service) => service === "web");

describeRule(rule, {
  breaks: [
    ["TCP alone", web({ ports: ["80:80", "443:443"] }), ["next/web", "services.web.ports"]],
    [
      "TCP alone, in the long form",
      web({ ports: [{ target: 443, published: "443" }] }),
      ["next/web", "services.web.ports"],
    ],
  ],
  holds: [
    ["both", web({ ports: ["443:443", "443:443/udp"] })],
    ["both, in two forms", web({ ports: ["443:443", { target: 443, published: "443", protocol: "udp" }] })],
    ["plain HTTP", web({ ports: ["80:80"] })],
    ["another service", { services: { other: { ports: ["443:443"] } } }],
  ],
});

it("stands beside the rule about the world", () => {
  const both = [rule, loopbackPorts((_, port) => port === 443)];
  expect(placesIn(web({ ports: ["443:443"] }), both).map(([code]) => code)).toEqual(["http3-published"]);
});
