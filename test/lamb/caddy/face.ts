import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { type Caddyfile, directive, renderCaddyfile } from "../../../lib/lamb/caddy/model";
import type { LambCaddyfileOptions } from "../../../lib/lamb/caddy/options";
import { lambCaddyfile } from "../../../lib/lamb/caddy/routes";
import type { CaddyTls } from "../../../lib/lamb/caddy/tls";
import { type StandIn, startStandIn } from "./services";

export const LAMB_HOST = "lamb.test";
export const OWI_HOST = "chat.test";

/** What the placeholders of the tests' options stand for. */
export const PLACEHOLDERS = { LAMB_PUBLIC_HOST: LAMB_HOST, OWI_PUBLIC_HOST: OWI_HOST, CADDY_EMAIL: "admin@lamb.test" };

/** Options as the overlay gives them, but for TLS. */
export const HOSTS = { lambHost: "{$LAMB_PUBLIC_HOST}", openWebUiHost: "{$OWI_PUBLIC_HOST}" };

const START_TIMEOUT_MS = 15_000;

/** A real Caddy on loopback. */
export interface RunningCaddy {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly directory: string;
  readonly process: ChildProcess;
  /** Its own messages so far. */
  log(): string;
  /** A line for each request so far, as JSON. */
  accessLog(): string;
  stop(): Promise<void>;
}

/** A real Caddy with LAMB's Caddyfile, in front of stand-ins. */
export interface Face extends RunningCaddy {
  readonly lamb: StandIn;
  readonly kb: StandIn;
  readonly openWebUi: StandIn;
}

/** Options of {@link startFace}: those of the Caddyfile, and a change of the model that makes a test's counter-example. */
export interface FaceOptions extends Partial<LambCaddyfileOptions> {
  readonly change?: (file: Caddyfile) => Caddyfile;
}

export async function startFace({ change = (file) => file, ...options }: FaceOptions = {}): Promise<Face> {
  const [lamb, kb, openWebUi] = await Promise.all([
    startStandIn("lamb"),
    startStandIn("kb"),
    startStandIn("openwebui"),
  ]);
  const upstreams = { lamb: lamb.address, kb: kb.address, openWebUi: openWebUi.address };
  const services = [lamb, kb, openWebUi];
  try {
    const tls: CaddyTls = options.tls ?? { kind: "internal" };
    const caddy = await startCaddy(change(lambCaddyfile({ ...HOSTS, upstreams, ...options, tls })));
    if (tls.kind === "internal")
      await Promise.all([LAMB_HOST, OWI_HOST].map((host) => waitForCertificate(caddy, host)));
    const stop = async () => {
      await Promise.all([caddy.stop(), ...services.map((service) => service.close())]);
    };
    return { ...caddy, lamb, kb, openWebUi, stop };
  } catch (error) {
    await Promise.all(services.map((service) => service.close()));
    throw error;
  }
}

const ATTEMPTS = 4;

/** Starts Caddy with a file, on ports of loopback only. What it keeps lies in a directory that goes with it. */
export async function startCaddy(
  file: Caddyfile,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningCaddy> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryCaddy(file, environment);
    } catch (error) {
      // Between our look and Caddy's start, somebody else can take a port.
      if (attempt === ATTEMPTS || !String(error).includes("address already in use")) throw error;
    }
  }
}

async function tryCaddy(file: Caddyfile, environment: Readonly<Record<string, string>>): Promise<RunningCaddy> {
  const [httpPort, httpsPort] = await freePorts(2);
  if (httpPort === undefined || httpsPort === undefined) throw new Error("no free port");
  const onLoopback = [
    directive("admin", ["off"]),
    directive("default_bind", ["127.0.0.1"]),
    directive("http_port", [String(httpPort)]),
    directive("https_port", [String(httpsPort)]),
  ];
  const caddy = await spawnCaddy({ ...file, globals: [...onLoopback, ...file.globals] }, environment);
  return { ...caddy, httpPort, httpsPort };
}

/** Starts Caddy with a file as it is. */
export async function spawnCaddy(
  file: Caddyfile,
  environment: Readonly<Record<string, string>> = {},
): Promise<Omit<RunningCaddy, "httpPort" | "httpsPort">> {
  const directory = mkdtempSync(join(tmpdir(), "lamb-compose-caddy-"));
  const path = join(directory, "Caddyfile");
  writeFileSync(path, renderCaddyfile(file));
  const child = spawn("caddy", ["run", "--config", path, "--adapter", "caddyfile"], {
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      XDG_DATA_HOME: directory,
      XDG_CONFIG_HOME: directory,
      ...PLACEHOLDERS,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [log, accessLog] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    accessLog += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((done) => child.once("exit", () => done()));
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!log.includes("serving initial configuration")) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`caddy did not start:\n${log}`);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  return { directory, process: child, log: () => log, accessLog: () => accessLog, stop };
}

/** Caddy signs its own certificates just after it has started to listen. */
async function waitForCertificate(caddy: RunningCaddy, host: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await shakesHands(caddy.httpsPort, host))) {
    if (Date.now() > deadline) throw new Error(`no certificate for ${host}:\n${caddy.log()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function shakesHands(port: number, servername: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port, servername, rejectUnauthorized: false });
    socket.once("secureConnect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}

/** Ports that nothing listens on, neither by TCP nor by UDP. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, holdPort));
  await Promise.all(held.map(({ release }) => release()));
  return held.map(({ port }) => port);
}

async function holdPort(): Promise<{ port: number; release: () => Promise<void> }> {
  const tcp = createServer();
  await new Promise<void>((done) => tcp.listen(0, "127.0.0.1", done));
  const address = tcp.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const udp = createSocket("udp4");
  await new Promise<void>((done, fail) => {
    udp.once("error", fail);
    udp.bind(port, "127.0.0.1", done);
  });
  return {
    port,
    release: async () => {
      await Promise.all([
        new Promise<void>((done) => tcp.close(() => done())),
        new Promise<void>((done) => udp.close(() => done())),
      ]);
    },
  };
}

/** Memory that Caddy holds, where the system says so; 0 elsewhere. */
export function residentBytes(caddy: RunningCaddy): number {
  try {
    const status = readFileSync(`/proc/${caddy.process.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
