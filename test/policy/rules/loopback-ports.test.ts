import { loopbackPorts } from "../../../lib/policy/rules/loopback-ports";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.ports[0]"] as [string, string];
const port = (entry: unknown) => web({ ports: [entry] });
const proxy = (entry: unknown) => ({ services: { proxy: { ports: [entry] } } });

describeRule(
  loopbackPorts(({ name }, target) => name === "proxy" && target === 443),
  {
    breaks: [
      ["a port of the host", port("8080:80"), AT],
      ["a port that the engine chooses", port("80"), AT],
      ["all addresses", port("0.0.0.0:8080:80"), AT],
      ["all addresses of IPv6", port("[::]:8080:80"), AT],
      ["an address of the campus", port("10.0.0.5:8080:80"), AT],
      ["the long form", port({ target: 80, published: "8080" }), AT],
      ["the long form with an address", port({ target: 80, published: "8080", host_ip: "0.0.0.0" }), AT],
      ["an address that is everything by default", port("${BIND:-0.0.0.0}:8080:80"), AT],
      ["an address that only the operator knows", port("${BIND:?address}:8080:80"), AT],
      ["another port of the proxy", proxy("2019:2019"), ["next/proxy", "services.proxy.ports[0]"]],
      ["the network of the host", web({ network_mode: "host" }), ["next/web", "services.web.network_mode"]],
      [
        "an overlay that opens what the base closed",
        { services: { web: { ports: ["127.0.0.1:8080:80"] } }, overlay: { web: { ports: ["80:80"] } } },
        ["next/later/web", "services.web.ports[1]"],
      ],
    ],
    holds: [
      ["loopback", port("127.0.0.1:8080:80")],
      ["another address of loopback", port("127.0.1.1:8080:80")],
      ["loopback of IPv6", port("[::1]:8080:80")],
      ["loopback in the long form", port({ target: 80, published: "8080", host_ip: "127.0.0.1" })],
      ["a variable port on loopback", port("127.0.0.1:${PORT:-8080}:80")],
      ["loopback by default", port("${BIND:-127.0.0.1}:8080:80")],
      ["a range on loopback", port("127.0.0.1:8080-8082:80-82")],
      ["what the proxy is for", proxy("443:443")],
      ["what the proxy is for, in the long form", proxy({ target: 443, published: "443" })],
      ["a port for other containers only", web({ expose: ["80"] })],
    ],
  },
);
