import { expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { open, send } from "./client";
import { startFace } from "./face";

describeWith("caddy", "the end of Caddy", () => {
  it("does not wait for an open stream longer than the grace period", async () => {
    const face = await startFace({ timeouts: { grace: "500ms" } });
    try {
      face.lamb.answer = (_, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
        return true;
      };
      const response = await open(face, { path: "/stream", method: "POST" });
      response.on("error", () => undefined).resume();
      const started = performance.now();
      const ended = new Promise<void>((done) => face.process.once("exit", () => done()));
      face.process.kill("SIGTERM");
      await ended;
      expect(performance.now() - started).toBeGreaterThan(400);
      expect(performance.now() - started).toBeLessThan(8000);
    } finally {
      await face.stop();
    }
  });
});

describeWith("caddy", "Caddy's log", () => {
  it("has no token of a sign-in link in it", async () => {
    const face = await startFace();
    try {
      await face.openWebUi.close();
      const headers = [["Referer", "https://lamb.test/x?token=s3cret-referer"]] as const;
      const answer = await send(face, {
        host: "openwebui",
        path: "/api/v1/auths/complete?token=s3cret-token&a=b",
        headers,
      });
      expect(answer.status).toBe(502);
      await expect.poll(() => face.log()).toContain("/api/v1/auths/complete?");
      expect(face.log()).not.toContain("s3cret");
    } finally {
      await face.stop();
    }
  });

  it("names the client that the trusted proxy saw, not the one that the client made up", async () => {
    const face = await startFace({ tls: { kind: "proxied", trustedProxies: ["127.0.0.1"] } });
    try {
      await face.lamb.close();
      const headers = [["X-Forwarded-For", "198.51.100.6, 192.0.2.7"]] as const;
      expect((await send(face, { path: "/", scheme: "http", headers })).status).toBe(502);
      await expect.poll(() => face.log()).toContain('"client_ip":"192.0.2.7"');
    } finally {
      await face.stop();
    }
  });
});
