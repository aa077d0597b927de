import https from "node:https";
import { pipeline } from "node:stream/promises";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type HostName, hostOf, receivedOf } from "./client";
import type { Face } from "./face";

export const MIB = 1024 * 1024;

export const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Sends so many bytes in pieces, as fast as they are taken or with a pause before each. */
export function upload(
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

export function upgrade(face: Face, host: HostName, path: string): Promise<TLSSocket> {
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

export function nextText(socket: TLSSocket): Promise<string> {
  return new Promise((done, fail) => {
    socket.once("data", (data: Buffer) => done(data.toString()));
    socket.once("close", () => fail(new Error("the websocket was closed")));
  });
}
