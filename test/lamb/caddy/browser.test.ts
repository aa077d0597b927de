import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { send } from "./client";
import { type Face, type FaceOptions, startFace } from "./face";

const YEAR = "max-age=31536000";

describeWith("caddy", "what Caddy tells browsers", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace();
  });
  afterAll(() => face.stop());

  it.each(["lamb", "openwebui"] as const)(
    "lets an LMS show the pages of %s in a frame, and no page without TLS",
    async (host) => {
      const { headers } = await send(face, { host, path: "/" });
      expect(headers["content-security-policy"]).toBe("frame-ancestors 'self' https:");
      expect(headers).not.toHaveProperty("x-frame-options");
    },
  );

  it("keeps a service's own policy beside its own", async () => {
    face.openWebUi.answer = (_, response) => {
      response.setHeader("Content-Security-Policy", "default-src 'self'");
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.setHeader("Server", "uvicorn");
      response.end();
      return true;
    };
    const { headers } = await send(face, { host: "openwebui", path: "/" });
    expect(headers["content-security-policy"]).toBe("default-src 'self', frame-ancestors 'self' https:");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBe("strict-origin-when-cross-origin");
    expect(headers).not.toHaveProperty("server");
  });

  it.each([
    ["lamb", "/static/public/1/a.svg"],
    ["lamb", "/lamb/static/public/1/a.html"],
    ["lamb", "/docs/1/lib/item/page.html"],
    ["lamb", "/kb/static/u/kb/a.html"],
    ["openwebui", "/cache/image/a.svg"],
    ["openwebui", "/api/v1/files/1/content/html"],
  ] as const)("lets nothing act in an uploaded file: %s %s", async (host, path) => {
    const { headers } = await send(face, { host, path });
    for (const directive of ["script-src", "form-action", "base-uri", "object-src"])
      expect(headers["content-security-policy"]).toContain(`${directive} 'none'`);
    expect(headers["content-security-policy"]).toContain("frame-ancestors");
  });

  it.each(["/", "/assistants", "/static/json/defaults.json", "/app/immutable/entry/start.js"])(
    "lets LAMB's own scripts run: %s",
    async (path) => {
      expect((await send(face, { path })).headers["content-security-policy"]).not.toContain("script-src");
    },
  );

  it("offers HTTP/3", async () => {
    expect((await send(face, { path: "/" })).headers["alt-svc"]).toContain(`h3=":${face.httpsPort}"`);
  });
});

const HSTS: readonly (readonly [what: string, options: FaceOptions, expected: string | undefined])[] = [
  ["not by default with Caddy's own authority", {}, undefined],
  ["when asked to", { hstsSeconds: 300 }, "max-age=300"],
  ["not behind another proxy", { tls: { kind: "proxied", trustedProxies: ["127.0.0.1"] } }, undefined],
  [
    "behind another proxy when asked to",
    { tls: { kind: "proxied", trustedProxies: ["127.0.0.1"] }, hstsSeconds: 31_536_000 },
    YEAR,
  ],
];

describeWith("caddy", "Strict-Transport-Security", () => {
  it.each(HSTS)("is sent or not: %s", async (_, options, expected) => {
    const face = await startFace(options);
    try {
      const scheme = options.tls?.kind === "proxied" ? "http" : "https";
      for (const host of ["lamb", "openwebui"] as const) {
        expect((await send(face, { host, path: "/", scheme })).headers["strict-transport-security"]).toBe(expected);
      }
    } finally {
      await face.stop();
    }
  });
});

describeWith("caddy", "frame-ancestors", () => {
  it("is what the operator says, a placeholder included", async () => {
    const face = await startFace({
      frameAncestors: ["'self'", "https://moodle.example.org", "{$LMS_ORIGIN:https://lms.example.org}"],
    });
    try {
      const { headers } = await send(face, { path: "/" });
      expect(headers["content-security-policy"]).toBe(
        "frame-ancestors 'self' https://moodle.example.org https://lms.example.org",
      );
    } finally {
      await face.stop();
    }
  });
});
