import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CaddyOverlay, LambStack } from "lamb-compose";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { makeCertificate } from "../lamb/caddy/certificate";
import { describeWith } from "../support/tools";
import { removeProject, TEST_PROJECT } from "./project";
import { freePort } from "./registries";
import { eventually, must, run } from "./run";
import { answers, publicAnswers } from "./stacks";

const FILES = ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"];
/** What stays with the operator: Docker Compose 5.6 publishes no variable in a limit of memory. */
const LIMITS = "docker-compose.next.memory.yaml";
const named = (files: readonly string[]) => files.flatMap((file) => ["-f", file]);

describeWith(["docker-engine", "docker-registry", "openssl"], "files that a program wrote, as an artifact", () => {
  const project = `${TEST_PROJECT}published`;
  const folder = mkdtempSync(join(tmpdir(), TEST_PROJECT));
  const here = join(folder, "here");
  const there = join(folder, "there");
  const { certificate, key } = makeCertificate(folder, ["localhost"]);
  /** Compose speaks TLS with every registry, and takes the certificate from here; what it fetches stays in the folder. */
  const env = { SSL_CERT_FILE: certificate, XDG_CACHE_HOME: join(folder, "cache") };
  let registry: ChildProcess | undefined;
  let host = "";

  beforeAll(async () => {
    host = `localhost:${await freePort()}`;
    const registryFile = join(folder, "registry.yml");
    const storage = `{ filesystem: { rootdirectory: ${join(folder, "data")} } }`;
    const http = `{ addr: "${host}", tls: { certificate: ${certificate}, key: ${key} } }`;
    writeFileSync(registryFile, `version: 0.1\nstorage: ${storage}\nhttp: ${http}\n`);
    registry = spawn("docker-registry", ["serve", registryFile], { stdio: "ignore" });
    const asked = () => run("curl", ["--silent", "--fail", "--cacert", certificate, `https://${host}/v2/`]);
    expect((await eventually(20, asked, ({ code }) => code === 0)).code).toBe(0);
    const app = new App();
    new CaddyOverlay(new LambStack(app, "next", { publishable: true }), "prod");
    await app.synth().write(here);
    mkdirSync(there);
    copyFileSync(join(here, LIMITS), join(there, LIMITS));
    const settings = { ...answers, ...publicAnswers, LAMB_MEMORY_LIMIT: "3g", KB_PORT: "7777" };
    const values = Object.entries(settings).filter(([name]) => name !== "COMPOSE_FILE");
    for (const dir of [here, there]) {
      writeFileSync(join(dir, ".env"), values.map(([name, value]) => `${name}=${value}\n`).join(""));
    }
  });

  afterAll(async () => {
    await removeProject(project);
    registry?.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  });

  const artifact = () => `${host}/campus/lamb:1`;

  it("are published, and are the same project with the operator's settings from elsewhere", async () => {
    await must("docker", ["compose", ...named(FILES), "publish", "--yes", artifact()], { cwd: here, env });
    const wanted = await must("docker", ["compose", ...named([...FILES, LIMITS]), "config"], { cwd: here, env });
    const found = await must("docker", ["compose", ...named([`oci://${artifact()}`, LIMITS]), "config"], {
      cwd: there,
      env,
    });
    // Caddy's folder is no part of an artifact: it is looked for beside what was fetched.
    const folderOf = /^( *source: ).*\/caddy$/m;
    expect(found.stdout.replace(folderOf, "$1caddy")).toBe(wanted.stdout.replace(folderOf, "$1caddy"));
    expect(found.stdout).toContain('mem_limit: "3221225472"');
    expect(found.stdout).toContain(`OWI_ADMIN_EMAIL: ${answers.OWI_ADMIN_EMAIL}`);
  });

  it("run from the artifact, with the operator's settings", async () => {
    const compose = ["compose", "--project-name", project, ...named([`oci://${artifact()}`, LIMITS])];
    const image = await must("docker", [...compose, "config", "--images", "kb"], { cwd: there, env });
    await must("docker", ["tag", inject("standIns")?.["lamb-kb"] ?? "", image.stdout.trim()]);
    await must("docker", [...compose, "up", "--detach", "--wait", "--no-deps", "--pull", "never", "--yes", "kb"], {
      cwd: there,
      env,
    });
    const id = (await must("docker", [...compose, "ps", "--quiet", "kb"], { cwd: there, env })).stdout.trim();
    const format = "{{.State.Health.Status}} {{json .Config.Env}}";
    const { stdout } = await must("docker", ["inspect", "--format", format, id]);
    expect(stdout).toMatch(/^healthy /);
    expect(stdout).toContain(`LAMB_API_KEY=${answers.LAMB_KB_SERVER_TOKEN}`);
  });
});
