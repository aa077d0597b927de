import https from "node:https";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { hostOf, open, send } from "./client";
import { type Face, residentBytes, startFace } from "./face";
import { MIB, upload } from "./transfer";

describeWith("caddy", "what passes through Caddy", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace();
  });
  afterAll(() => face.stop());
  afterEach(() => {
    for (const service of [face.lamb, face.kb, face.openWebUi]) service.answer = () => false;
  });

  it.each([true, false])("an upload of 200 MB arrives as a whole (length known: %s)", async (known) => {
    const total = 200 * MIB;
    const memoryBefore = residentBytes(face);
    const answer = await upload(face, total, known);
    expect(answer.status).toBe(200);
    expect(answer.bytes).toBe(total);
    expect(residentBytes(face) - memoryBefore).toBeLessThan(100 * MIB);
  });

  it("an upload that is as large as library-manager takes passes, one above the limit does not", async () => {
    const small = await startFace({ maxBodyBytes: 2 * MIB });
    try {
      expect(await upload(small, 2 * MIB, true)).toMatchObject({ status: 200, bytes: 2 * MIB });
      expect(await upload(small, 2 * MIB + 1, true)).toMatchObject({ status: 413 });
      expect(await upload(small, 2 * MIB + 1, false)).toMatchObject({ status: 413 });
    } finally {
      await small.stop();
    }
  });

  it.each(["before the first token", "in the middle"])("a browser that goes away %s stops the work", async (when) => {
    const face = await startFace();
    const stopped = new Promise<void>((done) => {
      face.lamb.answer = (_, response) => {
        if (when === "in the middle")
          response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
        const timer = setInterval(() => when === "in the middle" && response.write("data: 2\n\n"), 50);
        response.on("close", () => {
          clearInterval(timer);
          done();
        });
        return true;
      };
    });
    const abandoned = https.request({
      host: "127.0.0.1",
      port: face.httpsPort,
      servername: hostOf("lamb"),
      rejectUnauthorized: false,
      method: "POST",
      path: "/v1/chat/completions",
      headers: { host: hostOf("lamb") },
    });
    abandoned.on("error", () => undefined);
    abandoned.end("{}");
    await expect.poll(() => face.lamb.seen.length).toBe(1);
    abandoned.destroy();
    try {
      await stopped;
    } finally {
      await face.stop();
    }
  });

  it("a thousand requests at once are all under way together, and all answered", async () => {
    const count = 1000;
    const plain = await startFace({ tls: { kind: "proxied", trustedProxies: ["10.9.9.9"] } });
    try {
      const waiting: (() => void)[] = [];
      plain.lamb.answer = (_, response) => {
        waiting.push(() => response.end("done"));
        if (waiting.length === count) for (const answer of waiting) answer();
        return true;
      };
      const started = performance.now();
      const answers = await Promise.all(
        Array.from({ length: count }, (_, index) => send(plain, { path: `/${index}`, scheme: "http" })),
      );
      expect(answers.filter(({ status, body }) => status === 200 && body === "done")).toHaveLength(count);
      expect(performance.now() - started).toBeLessThan(10_000);
    } finally {
      await plain.stop();
    }
  });

  it.each([
    ["text/html; charset=utf-8", true],
    ["application/json", true],
    ["text/event-stream", false],
    ["image/png", false],
  ])("%s is compressed: %s", async (type, compressed) => {
    const text = "lamb ".repeat(2000);
    face.lamb.answer = (_, response) => {
      response.writeHead(200, { "content-type": type }).end(text);
      return true;
    };
    const response = await open(face, { path: "/page", headers: [["Accept-Encoding", "gzip"]] });
    const body = Buffer.concat(await response.toArray());
    expect(response.headers["content-encoding"]).toBe(compressed ? "gzip" : undefined);
    expect((compressed ? gunzipSync(body) : body).toString()).toBe(text);
  });
});
