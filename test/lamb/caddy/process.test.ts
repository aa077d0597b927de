import { expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { open } from "./client";
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
