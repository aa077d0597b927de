import { request as http } from "node:http";
import { request as https, type RequestOptions } from "node:https";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificate authority to trust, in PEM. Absent: the request goes to port 80 without TLS. */
  readonly authority?: string | undefined;
}

/** Calls a public host name that this machine itself serves, as a browser would after asking the DNS for it. */
export function ask(
  host: string,
  path: string,
  { method = "GET", headers = {}, body, authority }: Ask = {},
): Promise<Answer> {
  const options: RequestOptions = {
    host: "127.0.0.1",
    method,
    path,
    headers: { ...headers, host },
    agent: false,
    timeout: 15_000,
  };
  return new Promise((resolve, reject) => {
    const sent =
      authority === undefined
        ? http({ ...options, port: 80 })
        : https({ ...options, port: 443, servername: host, ca: authority });
    sent.once("error", reject);
    sent.once("timeout", () => sent.destroy(new Error(`${host}${path}: no answer`)));
    sent.once("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
    });
    sent.end(body);
  });
}
