import { createServer } from "node:http";
import { expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { type Answer, send } from "./client";
import { type Face, startFace } from "./face";
import { MIB, pause } from "./transfer";

/** What each answer has, whoever makes it. */
function expectPublicHeaders({ headers }: Answer): void {
  expect(headers).toMatchObject({
    "strict-transport-security": "max-age=300",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "content-security-policy": expect.stringContaining("frame-ancestors 'self' https:"),
  });
  expect(headers).not.toHaveProperty("server");
  expect(headers).not.toHaveProperty("x-frame-options");
}

describeWith("caddy", "a service that does not answer", () => {
  const withFace = async (test: (face: Face) => Promise<void>, hold = "0s", firstByte = "1s") => {
    const face = await startFace({ hstsSeconds: 300, timeouts: { hold, firstByte } });
    try {
      await test(face);
    } finally {
      await face.stop();
    }
  };

  it.each(["lamb", "openwebui"] as const)("gives people at %s a page that comes back by itself", async (host) => {
    await withFace(async (face) => {
      await Promise.all([face.lamb.close(), face.openWebUi.close()]);
      const answer = await send(face, { host, path: "/" });
      expect(answer.status).toBe(502);
      expectPublicHeaders(answer);
      expect(answer.headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        refresh: "10",
        "retry-after": "10",
      });
      expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(answer.body).toMatch(/<h1>The service is restarting<\/h1>.*tries again by itself every 10 seconds/);
    });
  });

  it("does not let a browser ask again for what it has sent as a form", async () => {
    await withFace(async (face) => {
      await face.lamb.close();
      const answer = await send(face, { path: "/lamb/v1/lti/launch", method: "POST", body: "x" });
      expect(answer.status).toBe(502);
      expectPublicHeaders(answer);
      expect(answer.headers).not.toHaveProperty("refresh");
      expect(answer.headers["retry-after"]).toBe("10");
      expect(answer.body).toContain("Please go back, wait a minute, and try again.");
    });
  });

  it("has the headers when it breaks off, and when it is too late", async () => {
    await withFace(async (face) => {
      face.lamb.answers.set("/dies", (request) => {
        request.socket.destroy();
        return true;
      });
      face.lamb.answers.set("/late", () => true);
      for (const [path, status] of [
        ["/dies", 502],
        ["/late", 504],
      ] as const) {
        const answer = await send(face, { path });
        expect(answer.status).toBe(status);
        expectPublicHeaders(answer);
      }
    });
  });

  it.each([
    { method: "GET", status: 200, times: 2 },
    { method: "HEAD", status: 200, times: 2 },
    { method: "POST", status: 502, times: 1 },
    { method: "DELETE", status: 502, times: 1 },
  ])(
    "and ends a connection is asked once more for what changes nothing: $method",
    async ({ method, status, times }) => {
      await withFace(async (face) => {
        face.lamb.answer = ({ socket }) => {
          if (face.lamb.seen.length > 1) return false;
          socket.destroy();
          return true;
        };
        expect((await send(face, { path: "/reset", method })).status).toBe(status);
        expect(face.lamb.seen).toHaveLength(times);
      }, "10s");
    },
  );

  it("and ends every connection is asked for a second, not as long as requests are held", async () => {
    await withFace(async (face) => {
      face.lamb.answer = ({ socket }) => {
        socket.destroy();
        return true;
      };
      const started = performance.now();
      expect((await send(face, { path: "/deadly" })).status).toBe(502);
      expect(performance.now() - started).toBeLessThan(5000);
      expect(face.lamb.seen.length).toBeLessThanOrEqual(5);
    }, "20s");
  });

  it("and ends a connection after a second is not asked again", async () => {
    await withFace(
      async (face) => {
        face.lamb.answer = ({ socket }) => {
          setTimeout(() => socket.destroy(), 1100);
          return true;
        };
        expect((await send(face, { path: "/slow-and-deadly" })).status).toBe(502);
        expect(face.lamb.seen).toEqual(["/slow-and-deadly"]);
      },
      "20s",
      "5s",
    );
  });

  it.each(["GET", "POST"])("is waited for while it restarts: %s", async (method) => {
    await withFace(async (face) => {
      const port = Number(face.lamb.address.split(":")[1]);
      await face.lamb.close();
      const waiting = send(face, { path: "/x", method, body: method === "POST" ? "form" : "" });
      await pause(700);
      const again = createServer((_, response) => response.end("back"));
      await new Promise<void>((done) => again.listen(port, "127.0.0.1", done));
      try {
        expect(await waiting).toMatchObject({ status: 200, body: "back" });
      } finally {
        again.closeAllConnections();
        await new Promise((done) => again.close(done));
      }
    }, "10s");
  });

  it("is waited for no longer than the limit", async () => {
    await withFace(async (face) => {
      await face.lamb.close();
      const started = performance.now();
      expect((await send(face, { path: "/x" })).status).toBe(502);
      expect(performance.now() - started).toBeGreaterThan(1500);
      expect(performance.now() - started).toBeLessThan(10_000);
    }, "2s");
  });
});

describeWith("caddy", "a body that is too large", () => {
  it.each(["lamb", "openwebui"] as const)(
    "is refused at %s before it is sent, with words and headers",
    async (host) => {
      const face = await startFace({ hstsSeconds: 300, maxBodyBytes: 2 * MIB });
      try {
        const headers = [["Content-Length", String(2 * MIB + 1)]] as const;
        // The body never comes: only an answer to the announcement ends this.
        const answer = await send(face, {
          host,
          path: "/creator/files/upload",
          method: "POST",
          headers,
          unfinished: true,
        });
        expect(answer.status).toBe(413);
        expect(answer.body).toBe("The upload is too large: this server takes up to 2 MiB.");
        expectPublicHeaders(answer);
        expect([...face.lamb.seen, ...face.openWebUi.seen]).toEqual([]);
      } finally {
        await face.stop();
      }
    },
  );

  it("of unknown length is refused where it gets too large, with words and headers", async () => {
    const face = await startFace({ hstsSeconds: 300, maxBodyBytes: MIB });
    try {
      const headers = [["Transfer-Encoding", "chunked"]] as const;
      const answer = await send(face, { path: "/x", method: "POST", headers, body: Buffer.alloc(MIB + 1) });
      expect(answer.status).toBe(413);
      expectPublicHeaders(answer);
      expect(answer.body).toBe("413 Request Entity Too Large");
    } finally {
      await face.stop();
    }
  });
});
