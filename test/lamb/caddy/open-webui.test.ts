import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { receivedOf, send } from "./client";
import { type Face, startFace } from "./face";

const COMPLETE = "/api/v1/auths/complete";
const SCRIPT = "%27);alert(1);//";

/** Queries that put something else than a token into the page's script, as a service or Caddy may read them. */
const FORGED = [
  "",
  "?",
  "?token=",
  `?token=${SCRIPT}`,
  "?token=');alert(1)//",
  "?token=a%27",
  // Caddy reads the first of two, the service the last
  `?token=abc&token=${SCRIPT}`,
  `?token=abc&%74oken=${SCRIPT}`,
  `?%74oken=${SCRIPT}`,
  // Caddy leaves out a pair with a bad escape or a semicolon
  `?token=abc&token=${SCRIPT}//%zz`,
  `?token=abc;token=${SCRIPT}`,
  `?token=abc%26token=${SCRIPT}`,
  "?token=abc%0a",
  "?token=abc+d",
  "?x=1&token=abc",
  "?token=abc#x",
];

/** Spellings of the page's path, for those who route by it. */
const SPELLINGS = [
  COMPLETE,
  `${COMPLETE}/`,
  `${COMPLETE}%0a`,
  "/api/v1/auths/%63omplete",
  "/api/v1/auths%2fcomplete",
  "/API/v1/auths/complete",
  `${COMPLETE}%23`,
];

describeWith("caddy", "Open WebUI's page that ends a sign-in", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace();
  });
  afterAll(() => face.stop());
  beforeEach(() => {
    face.openWebUi.seen.length = 0;
  });

  it.each(FORGED)("is not reached with the query %j, in no spelling of its path", async (query) => {
    for (const path of SPELLINGS) {
      const answer = await send(face, { host: "openwebui", path: `${path}${query}` });
      expect(answer.status).toBe(400);
      expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    }
    expect(face.openWebUi.seen).toEqual([]);
  });

  it("is reached with a token", async () => {
    const path = `${COMPLETE}?token=eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.A-_z9`;
    expect(receivedOf(await send(face, { host: "openwebui", path }))).toMatchObject({ url: path });
  });
});

describeWith("caddy", "who has no session in Open WebUI", () => {
  it.each([
    ["https", {}],
    ["http", { tls: { kind: "proxied", trustedProxies: ["10.9.9.9"], publicScheme: "http" } }],
  ] as const)("is sent to LAMB by %s, which signs people in", async (scheme, options) => {
    const face = await startFace(options);
    try {
      for (const path of ["/auth", "/auth/", "/auth?redirect=%2Fc%2F1"]) {
        const answer = await send(face, { host: "openwebui", path, scheme });
        expect(answer.status).toBe(302);
        expect(answer.headers.location).toBe(`${scheme}://lamb.test/`);
      }
      expect(face.openWebUi.seen).toEqual([]);
    } finally {
      await face.stop();
    }
  });
});
