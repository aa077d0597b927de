import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a service got. */
export interface Received {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Absent when Caddy answered by itself. */
  readonly received?: Received;
}

/** A running Caddy in front of services that say what they got. */
export interface Front {
  readonly hosts: { readonly lamb: string; readonly openwebui: string };
  ask(
    host: "lamb" | "openwebui",
    path: string,
    options?: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answered>;
  stop(): Promise<void>;
}

const SERVICES = { lamb: 9099, kb: 9090, openwebui: 8080 } as const;
const START_TIMEOUT_MS = 15_000;
const PAUSE_MS = 50;

/**
 * Runs the text of a Caddyfile as it is, but for where it listens and where services are: plain HTTP on a port of
 * loopback, so that no certificate is needed.
 */
export async function startFront(caddyfile: string): Promise<Front> {
  const servers = new Map<string, Server>();
  let text = caddyfile.replace(/^\{$/m, "{\n\tadmin off\n\tauto_https off");
  for (const [service, port] of Object.entries(SERVICES)) {
    const server = createServer((incoming, answer) => {
      const { method = "", url = "", headers } = incoming;
      const received: Received = { service, method, url, headers };
      incoming.resume().on("end", () => answer.end(JSON.stringify(received)));
    });
    servers.set(service, server);
    text = text.replaceAll(`${service}:${port}`, `127.0.0.1:${await listen(server)}`);
  }
  const spare = createServer();
  const port = await listen(spare);
  await close(spare);

  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-front-"));
  writeFileSync(join(folder, "Caddyfile"), text);
  const hosts = { lamb: `lamb.test:${port}`, openwebui: `chat.test:${port}` };
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
    LAMB_PUBLIC_HOST: `http://${hosts.lamb}`,
    OWI_PUBLIC_HOST: `http://${hosts.openwebui}`,
    CADDY_EMAIL: "it@campus.test",
  };
  const words = ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")];
  const caddy = spawn("caddy", words, { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  caddy.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    log += chunk;
  });
  const stop = async () => {
    await end(caddy);
    for (const server of servers.values()) await close(server);
    rmSync(folder, { recursive: true, force: true });
  };
  const ask: Front["ask"] = (host, path, options = {}) => send(port, hosts[host], path, options);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(ask))) {
    if (caddy.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(log);
    }
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return { hosts, ask, stop };
}

async function answers(ask: Front["ask"]): Promise<boolean> {
  try {
    await ask("lamb", "/");
    return true;
  } catch {
    return false;
  }
}

function send(
  port: number,
  host: string,
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Readonly<Record<string, string>> },
): Promise<Answered> {
  return new Promise((done, failed) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers: { ...headers, host } }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      answer.on("end", () => {
        const { statusCode: status = 0 } = answer;
        const received = body.startsWith("{") ? { received: JSON.parse(body) } : {};
        done({ status, headers: answer.headers, ...received });
      });
    });
    asked.on("error", failed).end();
  });
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  const gone = once(process, "exit");
  process.kill("SIGKILL");
  await gone;
}
