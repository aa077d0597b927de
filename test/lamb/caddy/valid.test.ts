import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { renderCaddyfile } from "../../../lib/lamb/caddy/model";
import type { LambCaddyfileOptions } from "../../../lib/lamb/caddy/options";
import { lambCaddyfile } from "../../../lib/lamb/caddy/routes";
import type { CaddyTls } from "../../../lib/lamb/caddy/tls";
import { describeWith, run } from "../../support/tools";
import { makeCertificate } from "./certificate";
import { HOSTS, PLACEHOLDERS } from "./face";

const ACCOUNT = { keyId: "{$ACME_KEY_ID}", macKey: "{$ACME_MAC_KEY}" };

/** What the option `auto_https disable_certs` is there for. */
const NO_CERTIFICATES_ORDERED = "skipping automated certificate management for server because it is disabled";

/** Each way of TLS; the certificate's files are those that the operator would mount. */
const waysOfTls = (certificate: string, key: string): Record<string, CaddyTls> => ({
  acme: { kind: "acme", email: "{$CADDY_EMAIL}" },
  "acme with an account": {
    kind: "acme",
    email: "{$CADDY_EMAIL}",
    directory: "https://acme.lamb.test/directory",
    account: ACCOUNT,
  },
  "acme of a campus": {
    kind: "acme",
    email: "{$CADDY_EMAIL}",
    directory: "https://acme.lamb.test/dir",
    root: certificate,
  },
  certificate: { kind: "certificate", certificate, key },
  "two certificates": { kind: "certificate", certificate, key, openWebUi: { certificate, key } },
  internal: { kind: "internal" },
  proxied: { kind: "proxied", trustedProxies: ["10.1.2.3", "fd00::/8", "private_ranges"] },
  "proxied without TLS": { kind: "proxied", trustedProxies: ["{$TRUSTED_PROXIES}"], publicScheme: "http" },
});

const VARIANTS: Record<string, Partial<LambCaddyfileOptions>> = {
  "by default": {},
  "with MCP": { mcp: true },
  "with the old addresses of launches": { oldLti: true },
  "without the old path": { redirectOldOpenWebUi: false },
  "with everything set": {
    frameAncestors: ["https://moodle.example.org", "{$LMS_ORIGIN}"],
    hstsSeconds: 300,
    maxBodyBytes: 1_000_001,
    timeouts: { readHeader: "5s", idle: "1m", dial: "500ms", firstByte: "1h30m", grace: "9s", reload: "1m" },
    upstreams: { lamb: "backend:9099", openWebUi: "chat:8080", kb: "{$KB_ADDRESS}" },
  },
};

describeWith("caddy", "LAMB's Caddyfile", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "lamb-compose-caddyfile-"));
    makeCertificate(directory, ["lamb.test", "chat.test"]);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const environment = {
    ...PLACEHOLDERS,
    ACME_KEY_ID: "kid",
    ACME_MAC_KEY: "c2VjcmV0",
    TRUSTED_PROXIES: "10.0.0.0/8 192.168.0.0/16",
    LMS_ORIGIN: "https://lms.example.org",
    KB_ADDRESS: "kb:9090",
  };
  const cases = Object.keys(waysOfTls("", "")).flatMap((tls) =>
    Object.keys(VARIANTS).map((variant) => [tls, variant] as const),
  );

  it.each(cases)("is valid and formatted: %s, %s", (way, variant) => {
    const tls = waysOfTls(join(directory, "cert.pem"), join(directory, "key.pem"))[way];
    if (tls === undefined) throw new Error(way);
    const path = join(directory, "Caddyfile");
    writeFileSync(path, renderCaddyfile(lambCaddyfile({ ...HOSTS, tls, ...VARIANTS[variant] })));
    const env = { ...environment, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory };
    const words = ["--config", path, "--adapter", "caddyfile"];
    const validated = run("caddy", ["validate", ...words], { env });
    expect(validated.status, validated.stderr).toBe(0);
    expect(warningsIn(validated.stderr)).toEqual(tls.kind === "certificate" ? [NO_CERTIFICATES_ORDERED] : []);
    const formatted = run("caddy", ["fmt", "--diff", path], { env });
    expect(formatted.status, formatted.stdout).toBe(0);
  });

  it("is not valid with a placeholder that stands for nothing", () => {
    const path = join(directory, "Caddyfile");
    writeFileSync(path, renderCaddyfile(lambCaddyfile({ ...HOSTS, tls: { kind: "internal" } })));
    const env = { HOME: directory, XDG_DATA_HOME: directory, LAMB_PUBLIC_HOST: "", OWI_PUBLIC_HOST: "chat.test" };
    expect(run("caddy", ["validate", "--config", path, "--adapter", "caddyfile"], { env }).status).not.toBe(0);
  });
});

function warningsIn(log: string): string[] {
  const lines = log.split("\n").filter((line) => line.includes('"level":"warn"'));
  return lines.map((line) => JSON.parse(line).msg);
}
