import { get } from "node:http";
import { expect, it } from "vitest";
import { type Caddyfile, directive } from "../../../lib/lamb/caddy/model";
import { describeWith } from "../../support/tools";
import { send } from "./client";
import { freePorts, startFace } from "./face";

/** Ways to carry a secret; each has the word in it. */
const CARRIERS: readonly (readonly [path: string, header: readonly [string, string]])[] = [
  ["/api/v1/auths/complete?token=s3cret&a=b", ["Referer", "https://lamb.test/x?token=s3cret"]],
  ["/x?access_token=s3cret", ["Authorization", "Bearer s3cret"]],
  ["/x?%74oken=s3cret", ["X-API-Key", "s3cret"]],
  ["/x?token=a;token=s3cret", ["Cookie", "token=s3cret"]],
  ["/x?a=1&token=%zzs3cret", ["X-Forwarded-Access-Token", "s3cret"]],
  ["/x?TOKEN=s3cret?b=s3cret", ["X-LTI-Secret", "s3cret"]],
];

describeWith("caddy", "Caddy's logs", () => {
  it.each([true, false])("have no value of a query and no header (the service answers: %s)", async (alive) => {
    const face = await startFace({ timeouts: { hold: "0s" } });
    face.lamb.answer = (_, response) => {
      response.writeHead(303, { location: "https://lamb.test/assistants?token=s3cret" }).end();
      return true;
    };
    try {
      if (!alive) await face.lamb.close();
      for (const [path, header] of CARRIERS) {
        expect((await send(face, { path, headers: [header] })).status).toBe(alive ? 303 : 502);
      }
      const lines = () => face.accessLog().split("\n").slice(0, -1);
      await expect.poll(lines).toHaveLength(CARRIERS.length);
      expect(face.accessLog() + face.log()).not.toContain("s3cret");
      expect(JSON.parse(lines()[0] ?? "")).toMatchObject({
        ...(alive ? {} : { error: expect.stringContaining("connection refused") }),
        status: alive ? 303 : 502,
        request: { host: "lamb.test", method: "GET", uri: "/api/v1/auths/complete?token=REDACTED&a=REDACTED" },
      });
    } finally {
      await face.stop();
    }
  });

  it("have a line for each request to either host, with the client that the trusted proxy saw", async () => {
    const face = await startFace({ tls: { kind: "proxied", trustedProxies: ["127.0.0.1"] } });
    try {
      const headers = [["X-Forwarded-For", "198.51.100.6, 192.0.2.7"]] as const;
      for (const host of ["lamb", "openwebui"] as const) await send(face, { host, path: "/", scheme: "http", headers });
      await expect.poll(() => face.accessLog().match(/"client_ip":"192\.0\.2\.7"/g)).toHaveLength(2);
      expect(face.log()).not.toContain("handled request");
    } finally {
      await face.stop();
    }
  });

  it("have no line for a look at Caddy's health", async () => {
    const [port = 0] = await freePorts(1);
    const change = (file: Caddyfile) => ({
      ...file,
      globals: [...file.globals, directive("admin", [`127.0.0.1:${port}`])],
    });
    const face = await startFace({ change });
    try {
      // Caddy's admin port answers no browser, and `fetch` sends what they send.
      const look = () =>
        new Promise((resolve, reject) => {
          get(`http://127.0.0.1:${port}/config/`, ({ statusCode }) => resolve(statusCode)).once("error", reject);
        });
      for (let times = 0; times < 5; times++) expect(await look()).toBe(200);
      await send(face, { path: "/" });
      await expect.poll(() => face.accessLog()).toContain('"uri":"/"');
      expect(face.log()).not.toContain("received request");
    } finally {
      await face.stop();
    }
  });
});
