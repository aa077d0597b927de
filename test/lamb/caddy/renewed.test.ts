import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { SERVE_RENEWED } from "../../../lib/lamb/generated/programs";
import { describeWith, run } from "../../support/tools";
import { makeCertificate } from "./certificate";
import { freePorts } from "./face";

const PATIENCE = { timeout: 20_000, interval: 100 };

describeWith("caddy", "a certificate that somebody renews while Caddy runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-renewed-"));
  const made = (name: string) => {
    mkdirSync(join(folder, name));
    return makeCertificate(join(folder, name), ["lamb.test"]);
  };
  const served = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  const replace = (file: string, by: string) => {
    writeFileSync(`${file}.new`, readFileSync(by));
    renameSync(`${file}.new`, file);
  };
  const fingerprint = (file: string) => new X509Certificate(readFileSync(file)).fingerprint256;
  let log = "";
  let stop: () => Promise<unknown>;
  let shown: () => Promise<string>;

  beforeAll(async () => {
    const first = made("first");
    replace(served, first.certificate);
    replace(key, first.key);
    const [port = 0, admin = 0] = await freePorts(2);
    const caddyfile = join(folder, "Caddyfile");
    writeFileSync(
      caddyfile,
      `{\n\tadmin 127.0.0.1:${admin}\n\tauto_https disable_redirects\n}\nlamb.test:${port} {\n\ttls ${served} ${key}\n\trespond "well"\n}\n`,
    );
    // Nobody waits ten seconds here.
    const tools = join(folder, "tools");
    mkdirSync(tools);
    writeFileSync(join(tools, "sleep"), "#!/bin/sh\nexec /bin/sleep 0.2\n");
    chmodSync(join(tools, "sleep"), 0o755);
    const child = spawn("sh", ["-c", SERVE_RENEWED, "caddy", caddyfile, served, key], {
      detached: true,
      env: { ...process.env, PATH: `${tools}:${process.env.PATH}`, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (log += part.toString()));
    stop = () =>
      new Promise((resolve) => {
        child.once("close", resolve);
        if (child.pid !== undefined) process.kill(-child.pid);
      });
    shown = () =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: "127.0.0.1", port, servername: "lamb.test", rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? "");
          socket.destroy();
        });
        socket.once("error", reject);
      });
    await vi.waitFor(shown, PATIENCE);
  });
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is served without anybody telling Caddy, once both of its files are there", async () => {
    const before = fingerprint(served);
    expect(await shown()).toBe(before);
    const next = made("next");
    replace(served, next.certificate);
    await vi.waitFor(() => expect(log).toMatch(/private key does not match public key/), PATIENCE);
    expect(await shown()).toBe(before);
    replace(key, next.key);
    await vi.waitFor(async () => expect(await shown()).toBe(fingerprint(next.certificate)), PATIENCE);
    expect(fingerprint(next.certificate)).not.toBe(before);
  });

  it("is compared by what is in the files, so that Caddy is left alone where they only look new", async () => {
    const reloads = () => log.split("load complete").length - 1;
    const before = reloads();
    expect(before, log).toBeGreaterThan(0);
    replace(served, served);
    // Long enough for several looks.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(reloads()).toBe(before);
  });
});

describeWith("shellcheck", "programs of the shell", () => {
  it("are clean", () => {
    expect(run("shellcheck", ["--shell=sh", "--severity=style", "-"], { input: SERVE_RENEWED }).stdout).toBe("");
  });
});
