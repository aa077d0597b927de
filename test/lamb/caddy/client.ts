import http, { type IncomingMessage } from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { connect } from "node:tls";
import { LAMB_HOST, OWI_HOST, type RunningCaddy } from "./face";
import type { Received } from "./services";

export type HostName = "lamb" | "openwebui";

/** What a test sends. */
export interface Ask {
  readonly host?: HostName;
  /** Sent as it stands. */
  readonly path: string;
  readonly method?: string;
  /** Sent as they stand: names keep their letter case, duplicates stay. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
  /** Whether the body never comes. @default false */
  readonly unfinished?: boolean;
  /** @default "https" */
  readonly scheme?: "https" | "http";
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export const hostOf = (host: HostName = "lamb") => (host === "lamb" ? LAMB_HOST : OWI_HOST);

/** Sends a request by HTTP/1.1, and hands over the answer as soon as its headers are there. */
export function open(caddy: RunningCaddy, ask: Ask): Promise<IncomingMessage> {
  const host = hostOf(ask.host);
  const headers = [["Host", host] as const, ...(ask.headers ?? [])].flat();
  const common = { host: "127.0.0.1", method: ask.method ?? "GET", path: ask.path, headers, agent: false as const };
  return new Promise((done, fail) => {
    const request =
      ask.scheme === "http"
        ? http.request({ ...common, port: caddy.httpPort }, done)
        : https.request({ ...common, port: caddy.httpsPort, servername: host, rejectUnauthorized: false }, done);
    request.on("error", fail);
    if (ask.unfinished) request.flushHeaders();
    else request.end(ask.body);
  });
}

export async function send(caddy: RunningCaddy, ask: Ask): Promise<Answer> {
  const response = await open(caddy, ask);
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** Sends a request by HTTP/2. Header names are in lower case there; duplicates are not. */
export async function sendHttp2(caddy: RunningCaddy, ask: Ask): Promise<Answer> {
  const host = hostOf(ask.host);
  const session = http2.connect(`https://${host}`, {
    createConnection: () =>
      connect({
        host: "127.0.0.1",
        port: caddy.httpsPort,
        servername: host,
        ALPNProtocols: ["h2"],
        rejectUnauthorized: false,
      }),
  });
  try {
    return await new Promise((done, fail) => {
      session.on("error", fail);
      const fields: Record<string, string | string[]> = { ":path": ask.path, ":method": ask.method ?? "GET" };
      for (const [name, value] of ask.headers ?? []) fields[name.toLowerCase()] = value;
      const stream = session.request(fields);
      stream.on("error", fail);
      stream.on("response", (headers) => {
        let body = "";
        stream.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        stream.on("end", () => {
          const { ":status": status, ...others } = headers;
          const plain: Record<string, string | string[] | undefined> = {};
          for (const [name, value] of Object.entries(others))
            plain[name] = typeof value === "number" ? String(value) : value;
          done({ status: status ?? 0, headers: plain, body });
        });
      });
      stream.end(ask.body);
    });
  } finally {
    session.close();
  }
}

/** What the service behind Caddy received, if one answered. */
export function receivedOf(answer: Answer): Received | undefined {
  return answer.headers["content-type"] === "application/x-received" ? JSON.parse(answer.body) : undefined;
}
