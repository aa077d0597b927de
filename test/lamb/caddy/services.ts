import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What a stand-in for a service says it received. */
export interface Received {
  readonly service: string;
  readonly method: string;
  /** As it came, query included. */
  readonly url: string;
  /** Names as they came, in order. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly trailers: readonly string[];
  readonly bytes: number;
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A stand-in for a service. It answers with what it received, as JSON, unless it is told to do something else. */
export interface StandIn {
  readonly name: string;
  /** `host:port` */
  readonly address: string;
  /** URLs in the order in which they came. */
  readonly seen: string[];
  /** Answers instead, when it returns true. */
  answer: Answering;
  /** Answers instead at some URLs; for tests that run at the same time. */
  readonly answers: Map<string, Answering>;
  readonly server: Server;
  close(): Promise<void>;
}

export async function startStandIn(name: string): Promise<StandIn> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    const answer = standIn.answers.get(request.url ?? "") ?? standIn.answer;
    if (answer(request, response)) return;
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on("end", () => {
      const received: Received = {
        service: name,
        method: request.method ?? "",
        url: request.url ?? "",
        rawHeaders: pairs(request.rawHeaders),
        trailers: request.rawTrailers,
        bytes,
      };
      response.setHeader("content-type", "application/x-received");
      response.end(JSON.stringify(received));
    });
    request.on("error", () => response.destroy());
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const standIn: StandIn = {
    name,
    address: `127.0.0.1:${portOf(server)}`,
    seen,
    answer: () => false,
    answers: new Map(),
    server,
    close: () => closeServer(server, sockets),
  };
  return standIn;
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((done) => server.close(() => done()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) result.push([flat[index] ?? "", flat[index + 1] ?? ""]);
  return result;
}
