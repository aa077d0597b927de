import https from "node:https";
import { pipeline } from "node:stream/promises";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { type HostName, hostOf, open, receivedOf, send } from "./client";
import { type Face, residentBytes, startFace } from "./face";

const MIB = 1024 * 1024;
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Timeouts so short that a stream of seconds outlives each of them, as one of 10 minutes outlives the usual ones. */
const SHORT = { readHeader: "300ms", idle: "300ms", dial: "300ms", firstByte: "600ms", reload: "300ms" };

describeWith("caddy", "what passes through Caddy", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace({ timeouts: SHORT });
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

  it("a slow upload outlives every timeout", async () => {
    expect(await upload(face, 4 * MIB, true, 250)).toEqual({ status: 200, bytes: 4 * MIB });
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

  const streams = [
    ["text/event-stream", "POST"],
    ["text/event-stream", "GET"],
    ["application/x-ndjson", "POST"],
    ["text/plain", "POST"],
  ] as const;

  it.each(streams)(
    "each piece of a stream arrives before the next is sent, and the stream outlives every timeout (%s, %s)",
    async (type, method) => {
      const count = 10;
      const pieces: string[] = [];
      let arrived = (): void => undefined;
      face.openWebUi.answer = (_, response) => {
        response.writeHead(200, { "content-type": type });
        response.flushHeaders();
        const sendAll = async () => {
          for (let piece = 1; piece <= count; piece += 1) {
            await new Promise<void>((done) => {
              arrived = done;
              if (piece > 1) response.write(`data: ${piece}\n\n`);
            });
            await pause(70);
          }
          response.end();
        };
        void sendAll();
        return true;
      };
      const headers = [
        ["Accept-Encoding", "gzip"],
        ["Accept", type],
      ] as const;
      const response = await open(face, { host: "openwebui", path: "/api/chat/completions", method, headers });
      expect(response.headers["content-encoding"]).toBeUndefined();
      arrived();
      for await (const chunk of response.setEncoding("utf8")) {
        pieces.push(chunk);
        arrived();
      }
      expect(pieces).toEqual(Array.from({ length: count - 1 }, (_, index) => `data: ${index + 2}\n\n`));
    },
    10_000,
  );

  it("a service that starts to answer too late gets 504", async () => {
    face.lamb.answer = () => true;
    expect((await send(face, { path: "/late" })).status).toBe(504);
  });

  it.each([
    ["whose headers do not come", "GET / HTTP/1.1\r\nHost: lamb.test\r\n"],
    ["that is not used any more", "GET / HTTP/1.1\r\nHost: lamb.test\r\n\r\n"],
  ])(
    "a connection %s is closed",
    async (_, text) => {
      const { httpsPort: port } = face;
      const socket = connectTls({ host: "127.0.0.1", port, servername: hostOf("lamb"), rejectUnauthorized: false });
      socket.on("error", () => undefined).resume();
      const closed = new Promise<void>((done) => socket.once("close", () => done()));
      socket.write(text);
      await closed;
    },
    5000,
  );

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

  it.each(["lamb", "openwebui"] as const)(
    "a websocket of %s talks in both directions, longer than every timeout",
    async (host) => {
      const service = host === "lamb" ? face.lamb : face.openWebUi;
      service.server.on("upgrade", (request, socket) => {
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Path: ${request.url}\r\n\r\n`,
        );
        socket.on("data", (data: Buffer) => socket.write(data.toString().toUpperCase()));
        socket.on("error", () => undefined);
      });
      const socket = await upgrade(face, host, "/ws/socket.io/?EIO=4&transport=websocket");
      try {
        for (const word of ["one", "two"]) {
          await pause(400);
          socket.write(word);
          expect(await nextText(socket)).toBe(word.toUpperCase());
        }
      } finally {
        socket.destroy();
      }
    },
  );

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

/** Sends so many bytes in pieces, as fast as they are taken or with a pause before each. */
function upload(
  face: Face,
  total: number,
  lengthKnown: boolean,
  pauseMs = 0,
): Promise<{ status: number; bytes: number | undefined }> {
  const piece = Buffer.alloc(MIB, "x");
  return new Promise((done, fail) => {
    const request = https.request(
      {
        host: "127.0.0.1",
        port: face.httpsPort,
        servername: hostOf("lamb"),
        rejectUnauthorized: false,
        method: "POST",
        path: "/creator/libraries/upload",
        headers: { host: hostOf("lamb"), ...(lengthKnown ? { "content-length": total } : {}) },
      },
      async (response) => {
        const body = Buffer.concat(await response.toArray()).toString();
        const status = response.statusCode ?? 0;
        done({ status, bytes: receivedOf({ status, headers: response.headers, body })?.bytes });
      },
    );
    const pieces = async function* () {
      for (let left = total; left > 0; left -= piece.length) {
        if (pauseMs > 0) await pause(pauseMs);
        yield piece.subarray(0, left);
      }
    };
    pipeline(pieces, request).catch(fail);
  });
}

function upgrade(face: Face, host: HostName, path: string): Promise<TLSSocket> {
  const socket = connectTls({
    host: "127.0.0.1",
    port: face.httpsPort,
    servername: hostOf(host),
    rejectUnauthorized: false,
  });
  const key = Buffer.alloc(16, "k").toString("base64");
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${hostOf(host)}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${key}`,
    "",
    "",
  ];
  socket.write(lines.join("\r\n"));
  return new Promise((done, fail) => {
    socket.once("error", fail);
    socket.once("data", (data: Buffer) => {
      const head = data.toString();
      if (head.startsWith("HTTP/1.1 101") && head.includes(`X-Path: ${path}`)) done(socket);
      else fail(new Error(head));
    });
  });
}

function nextText(socket: TLSSocket): Promise<string> {
  return new Promise((done, fail) => {
    socket.once("data", (data: Buffer) => done(data.toString()));
    socket.once("close", () => fail(new Error("the websocket was closed")));
  });
}
