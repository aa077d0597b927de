import { describe, expect, it } from "vitest";
import type { LambCaddyfileOptions } from "../../../lib/lamb/caddy/options";
import { renderLambCaddyfile } from "../../../lib/lamb/caddy/routes";
import type { CaddyTls } from "../../../lib/lamb/caddy/tls";
import { HOSTS } from "./face";

const INTERNAL: CaddyTls = { kind: "internal" };
const BASE: LambCaddyfileOptions = { ...HOSTS, tls: INTERNAL };

const WRONG: readonly (readonly [what: string, options: LambCaddyfileOptions, path: string])[] = [
  ["a URL for a host", { ...BASE, lambHost: "https://lamb.example.org" }, "lambHost"],
  ["an empty host", { ...BASE, openWebUiHost: "" }, "openWebUiHost"],
  ["a host with a path", { ...BASE, lambHost: "example.org/lamb" }, "lambHost"],
  ["two hosts in one", { ...BASE, lambHost: "a.example.org, b.example.org" }, "lambHost"],
  ["one host for both", { ...BASE, lambHost: "a.example.org", openWebUiHost: "A.example.org" }, "lambHost"],
  ["an upstream with a space", { ...BASE, upstreams: { kb: "kb:9090 evil:1" } }, "upstreams.kb"],
  ["no e-mail address", { ...BASE, tls: { kind: "acme", email: "" } }, "tls.email"],
  [
    "an empty account key",
    { ...BASE, tls: { kind: "acme", email: "a@b", account: { keyId: "x", macKey: "" } } },
    "tls.account.macKey",
  ],
  ["no certificate", { ...BASE, tls: { kind: "certificate", certificate: "", key: "/k" } }, "tls.certificate"],
  ["no trusted proxy", { ...BASE, tls: { kind: "proxied", trustedProxies: [] } }, "tls.trustedProxies"],
  [
    "an empty trusted proxy",
    { ...BASE, tls: { kind: "proxied", trustedProxies: ["10.0.0.1", ""] } },
    "tls.trustedProxies[1]",
  ],
  ...["nginx", "10.0.0.0/33", "fd00::/129", "10.0.0", "10.0.0.1/8/8"].map(
    (range) =>
      [
        `a proxy of no address: ${range}`,
        { ...BASE, tls: { kind: "proxied", trustedProxies: [range] } },
        "tls.trustedProxies[0]",
      ] as const,
  ),
  ["one port for two", { ...BASE, ports: { http: 8080, https: 8080 } }, "ports.https"],
  ["the usual port for another", { ...BASE, ports: { https: 80 } }, "ports.https"],
  ["a body of nothing", { ...BASE, maxBodyBytes: 0 }, "maxBodyBytes"],
  ["half a byte", { ...BASE, maxBodyBytes: 0.5 }, "maxBodyBytes"],
  ["a negative HSTS age", { ...BASE, hstsSeconds: -1 }, "hstsSeconds"],
  ["a duration without a unit", { ...BASE, timeouts: { idle: "10" } }, "timeouts.idle"],
  ["a policy in a policy", { ...BASE, frameAncestors: ["'self'; script-src *"] }, "frameAncestors[0]"],
];

describe("the options of LAMB's Caddyfile", () => {
  it.each(WRONG)("are refused: %s", (_, options, path) => {
    expect(() => renderLambCaddyfile(options)).toThrow(expect.objectContaining({ code: "caddy-option", path }));
  });

  it("are refused when the kind of TLS is unknown", () => {
    const options: LambCaddyfileOptions = { ...BASE, tls: JSON.parse('{"kind":"none"}') };
    expect(() => renderLambCaddyfile(options)).toThrow(
      expect.objectContaining({ code: "caddy-option", path: "tls.kind" }),
    );
  });

  it("never appear in an error when they could be secret", () => {
    const account = { keyId: "x", macKey: "sec ret" };
    expect(() => renderLambCaddyfile({ ...BASE, tls: { kind: "acme", email: "a@b", account } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("sec ret") }),
    );
  });

  it("make the same text each time, and stay as they were", () => {
    const options = Object.freeze({ ...BASE, upstreams: Object.freeze({ kb: "elsewhere:9090" }) });
    expect(renderLambCaddyfile(options)).toBe(renderLambCaddyfile(options));
  });

  it("frame-ancestors 'none' stands for an empty list", () => {
    expect(renderLambCaddyfile({ ...BASE, frameAncestors: [] })).toContain("\"frame-ancestors 'none'\"");
  });
});
