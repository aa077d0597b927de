import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID, sign, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from "node:http";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../lamb/caddy/certificate";
import { TEST_PROJECT } from "./project";
import { eventually, must } from "./run";

export const USER = "teacher";
export const PASSWORD = "t0p:s3cret";

/** A registry of its own, which lets in nobody without the password. */
export interface ClosedRegistry {
  readonly host: string;
  stop(): Promise<void>;
}

/** It asks for the password itself. */
export async function startWithPassword(): Promise<ClosedRegistry> {
  const folder = mkdtempSync(join(tmpdir(), TEST_PROJECT));
  // The registry works it out anew at each request.
  const cheap = ["--algorithm", "bcrypt", "--bcrypt-cost", "4"];
  const { stdout } = await must("caddy", ["hash-password", ...cheap, "--plaintext", PASSWORD]);
  writeFileSync(join(folder, "htpasswd"), `${USER}:${stdout.trim()}\n`);
  return start(folder, `htpasswd: { realm: campus, path: ${join(folder, "htpasswd")} }`);
}

/**
 * It asks for a token, which a service at the same address gives for the password: credentials go to no other port. One
 * server has both, as a reverse proxy would.
 */
export async function startWithTokens(): Promise<ClosedRegistry> {
  const folder = mkdtempSync(join(tmpdir(), TEST_PROJECT));
  const { certificate, key } = makeCertificate(folder, ["campus"]);
  const port = await freePort();
  const realm = `http://127.0.0.1:${port}/token`;
  const registry = await start(
    folder,
    `token: { realm: "${realm}", service: campus, issuer: campus-tokens, rootcertbundle: ${certificate} }`,
  );
  const service = tokenService(readFileSync(certificate, "utf8"), readFileSync(key, "utf8"), registry.host);
  await new Promise<void>((resolve) => service.listen(port, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${port}`,
    stop: async () => {
      await registry.stop();
      service.closeAllConnections();
      await new Promise((resolve) => service.close(resolve));
    },
  };
}

async function start(folder: string, auth: string): Promise<ClosedRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  writeFileSync(
    join(folder, "registry.yml"),
    [
      "version: 0.1",
      `storage: { filesystem: { rootdirectory: ${join(folder, "data")} } }`,
      `http: { addr: "${host}" }`,
      `auth: { ${auth} }`,
      "",
    ].join("\n"),
  );
  const child: ChildProcess = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const answers = () =>
    fetch(`http://${host}/v2/`).then(
      ({ status }) => status,
      () => 0,
    );
  const status = await eventually(20, answers, (code) => code === 401);
  if (status !== 401) throw new Error(`the registry answers with ${status}`);
  return {
    host,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the registry's documentation calls its token authentication: signed statements of who may do what. */
function tokenService(certificate: string, key: string, registry: string): Server {
  const chain = [new X509Certificate(certificate).raw.toString("base64")];
  const part = (data: object) => Buffer.from(JSON.stringify(data)).toString("base64url");
  const proof = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    if (pathname !== "/token") return passOn(request, response, registry);
    if (request.method !== "GET" || request.headers.authorization !== proof) {
      response.writeHead(request.method === "GET" ? 401 : 404).end();
      return;
    }
    const access = searchParams.getAll("scope").flatMap((scope) => {
      const [type = "", name = "", actions = ""] = scope.split(":");
      return type === "" ? [] : [{ type, name, actions: actions.split(",") }];
    });
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: "campus-tokens",
      sub: USER,
      aud: "campus",
      iat: now,
      nbf: now - 60,
      exp: now + 300,
      jti: randomUUID(),
    };
    const signed = `${part({ typ: "JWT", alg: "ES256", x5c: chain })}.${part({ ...claims, access })}`;
    const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ token: `${signed}.${signature.toString("base64url")}`, expires_in: 300 }));
  });
}

function passOn(request: IncomingMessage, response: ServerResponse, registry: string): void {
  const { method = "GET", url = "/", headers } = request;
  const onward = send(`http://${registry}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once("error", () => response.destroy());
  request.pipe(onward);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createSocket().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
