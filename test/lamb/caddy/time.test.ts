import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { hostOf, open, send } from "./client";
import { type Face, startFace } from "./face";
import { MIB, nextText, pause, upgrade, upload } from "./transfer";

/** Timeouts so short that what lasts seconds outlives each of them, as a stream of 10 minutes outlives the usual ones. */
const SHORT = { readHeader: "1s", idle: "1s", dial: "1s", firstByte: "1s", reload: "1s" };
const LONGER_MS = 1500;

describeWith("caddy", "time, as Caddy counts it", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace({ timeouts: SHORT });
  });
  afterAll(() => face.stop());

  it.concurrent("a slow upload outlives every timeout", async () => {
    expect(await upload(face, 4 * MIB, true, LONGER_MS / 4)).toEqual({ status: 200, bytes: 4 * MIB });
  });

  const streams = [
    ["text/event-stream", "POST"],
    ["text/event-stream", "GET"],
    ["application/x-ndjson", "POST"],
    ["text/plain", "POST"],
  ] as const;

  it.concurrent.each(streams)(
    "each piece of a stream arrives before the next is sent, and the stream outlives every timeout (%s, %s)",
    async (type, method) => {
      const count = 10;
      const pieces: string[] = [];
      let arrived = (): void => undefined;
      const path = `/api/chat/completions?${type}${method}`;
      face.openWebUi.answers.set(path, (_, response) => {
        response.writeHead(200, { "content-type": type });
        response.flushHeaders();
        const sendAll = async () => {
          for (let piece = 1; piece <= count; piece += 1) {
            await new Promise<void>((done) => {
              arrived = done;
              if (piece > 1) response.write(`data: ${piece}\n\n`);
            });
            await pause(LONGER_MS / count);
          }
          response.end();
        };
        void sendAll();
        return true;
      });
      const headers = [
        ["Accept-Encoding", "gzip"],
        ["Accept", type],
      ] as const;
      const response = await open(face, { host: "openwebui", path, method, headers });
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

  it.concurrent("a service that starts to answer too late gets 504", async () => {
    face.lamb.answers.set("/late", () => true);
    expect((await send(face, { path: "/late" })).status).toBe(504);
  });

  it.concurrent.each([
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

  it.concurrent.each(["lamb", "openwebui"] as const)(
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
          await pause(LONGER_MS);
          socket.write(word);
          expect(await nextText(socket)).toBe(word.toUpperCase());
        }
      } finally {
        socket.destroy();
      }
    },
  );
});
