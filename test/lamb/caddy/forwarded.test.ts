import { afterAll, beforeAll, expect, it } from "vitest";
import type { CaddyTls } from "../../../lib/lamb/caddy/tls";
import { describeWith } from "../../support/tools";
import { hostOf, receivedOf, send } from "./client";
import { type Face, startFace } from "./face";

const MADE_UP = "198.51.100.6";

/** What a client can say of itself. */
const SAID: readonly (readonly [name: string, value: string])[] = [
  ["X-Forwarded-For", MADE_UP],
  ["X-Forwarded-For", `${MADE_UP}, ${MADE_UP}`],
  ["x-forwarded-for", MADE_UP],
  ["X_Forwarded_For", MADE_UP],
  ["X-Forwarded_For", MADE_UP],
  ["X_Forwarded-For", MADE_UP],
  ["X-Forwarded-Host", "evil.example.org"],
  ["X-Forwarded-Proto", "gopher"],
  ["X-Forwarded-Prefix", "/evil"],
  ["X-Forwarded-Port", "81"],
  ["X-Forwarded-Server", "evil.example.org"],
  ["X-Forwarded-Scheme", "gopher"],
  ["X-Forwarded-Ssl", "off"],
  ["X-Forwarded-User", "evil@example.org"],
  ["X-Forwarded-Email", "evil@example.org"],
  ["Forwarded", `for=${MADE_UP};host=evil.example.org`],
  ["X-Real-IP", MADE_UP],
  ["X_Real_IP", MADE_UP],
  ["X-Client-IP", MADE_UP],
  ["X-Cluster-Client-IP", MADE_UP],
  ["True-Client-IP", MADE_UP],
  ["CF-Connecting-IP", MADE_UP],
  ["X-Original-URL", "/evil"],
  ["X-Original-Forwarded-For", MADE_UP],
  ["X-Rewrite-URL", "/evil"],
  ["Via", "1.1 evil.example.org"],
];

const WAYS: readonly (readonly [what: string, tls: CaddyTls, client: string])[] = [
  ["on its own", { kind: "internal" }, "127.0.0.1"],
  ["behind a proxy that is not trusted", { kind: "proxied", trustedProxies: ["10.9.9.9"] }, "127.0.0.1"],
  ["behind a trusted proxy", { kind: "proxied", trustedProxies: ["127.0.0.1"] }, "192.0.2.7"],
];

describeWith("caddy", "what services are told of a request's way", () => {
  for (const [what, tls, client] of WAYS) {
    const proxied = tls.kind === "proxied";
    let face: Face;
    beforeAll(async () => {
      face = await startFace({ tls });
    });
    afterAll(() => face.stop());

    it.each(SAID)(`${what}: Caddy's own words, whatever a client says in %s`, async (name, value) => {
      const last = what === "behind a trusted proxy" ? [["X-Forwarded-For", "192.0.2.7"] as const] : [];
      for (const host of ["lamb", "openwebui"] as const) {
        const answer = await send(face, {
          host,
          path: "/x",
          scheme: proxied ? "http" : "https",
          headers: [[name, value], ...last],
        });
        const said = (receivedOf(answer)?.rawHeaders ?? []).filter(([field]) =>
          /forward|real|client|orig|rewr/i.test(field),
        );
        expect(said.sort()).toEqual([
          ["X-Forwarded-For", client],
          ["X-Forwarded-Host", hostOf(host)],
          ["X-Forwarded-Proto", "https"],
        ]);
        expect(answer.body).not.toMatch(/evil|gopher/);
      }
    });
  }
});
