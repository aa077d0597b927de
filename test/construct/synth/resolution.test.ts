import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  CaddyOverlay,
  ComposeFile,
  EnvVar,
  LambStack,
  Overlay,
  Service,
  type ServiceProps,
  SynthesisError,
} from "lamb-compose";
import { afterAll, describe, expect, it } from "vitest";
import { describeWith, dockerCompose } from "../../support/tools";

const folder = mkdtempSync(join(tmpdir(), "lamb-compose-resolution-"));
afterAll(() => rmSync(folder, { recursive: true }));

function production() {
  const app = new App();
  new CaddyOverlay(new LambStack(app, "next"), "prod");
  return app.synth();
}

function twoFiles() {
  const app = new App();
  const base = new ComposeFile(app, "base", { name: "demo" });
  const web = new Service(base, "web", { image: "web:1", ports: ["127.0.0.1:8080:80"] });
  const overlay = new Overlay(base, "more");
  overlay.change(web, { environment: { LEVEL: "INFO" }, restart: "always" });
  return app.synth();
}

describeWith("docker-compose", "the project of a program", () => {
  it.each([
    { files: ["docker-compose.next.yaml"] },
    { files: ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"] },
  ])("is what docker compose config says of $files", async ({ files }) => {
    const synthesis = production();
    await synthesis.write(folder);
    const sample = synthesis.deployments.at(-1)?.sampleEnvironment() ?? {};
    const words = files.flatMap((file) => ["-f", file]);
    const env = { PATH: process.env.PATH ?? "", ...sample };
    const answer = dockerCompose([...words, "config", "--format", "json"], { cwd: folder, env });
    expect(answer.stderr).toBe("");
    const theirs: unknown = JSON.parse(answer.stdout.replaceAll("$$", "$").replaceAll(`${folder}/`, "/deployment/"));
    expect((await synthesis.resolve({ files })).model).toEqual(theirs);
  });
});

describe("resolve", () => {
  it("takes values and profiles", async () => {
    const project = await production().resolve({ environment: { LAMB_VERSION: "v9" } });
    expect(project.images).toContain("ghcr.io/lamb-project/lamb:v9");
  });

  it("names the deployments when asked for another", async () => {
    await expect(twoFiles().resolve({ files: ["other.yaml"] })).rejects.toMatchObject({
      code: "no-such-deployment",
      fix: "use one of: docker-compose.base.yaml; docker-compose.base.yaml + docker-compose.base.more.yaml",
    });
  });
});

describe("explain", () => {
  it("names the construct, the line and the rule of each value", async () => {
    const synthesis = twoFiles();
    const [restart] = await synthesis.explain("services.web.restart");
    expect(restart).toMatchObject({ value: "always", construct: "base/more/web" });
    const line = synthesis.files.get("docker-compose.base.more.yaml")?.split("\n")[(restart?.place?.line ?? 0) - 1];
    expect(line).toContain("restart: always");
    const ports = await synthesis.explain("services.web.ports");
    expect(new Set(ports.flatMap(({ construct }) => construct ?? []))).toEqual(new Set(["base/web"]));
    expect(ports.map(({ path }) => path)).toContain("services.web.ports[0].published");
  });

  it("names who wrote a value: an overlay that changes another's service, the service that is extended", async () => {
    const app = new App();
    const file = new ComposeFile(app, "base", { name: "demo" });
    const common = new Service(file, "common", { image: "web:1", restart: "always", shm_size: "much" });
    const web = new Service(file, "web", { extends: "common", init: true });
    new Overlay(file, "more").change(web, { mem_limit: "6 elephants" });
    const synthesis = app.synth();
    const found = synthesis.findings.map(({ construct, path }) => [construct, path]);
    expect(found).toContainEqual(["base/more/web", "services.web.mem_limit"]);
    expect(found).toContainEqual(["base/common", "services.common.shm_size"]);
    common.set({ shm_size: "1g" });
    new Overlay(file, "last", { over: [file] }).change(web, { mem_limit: "1g" });
    const files = ["docker-compose.base.yaml", "docker-compose.base.last.yaml"];
    const writer = async (key: string) => (await app.synth().explain(`services.web.${key}`, { files }))[0]?.construct;
    expect(await writer("restart")).toBe("base/common");
    expect(await writer("init")).toBe("base/web");
    expect(await writer("mem_limit")).toBe("base/last/web");
  });

  it("names the variables of a value and never the value of one", async () => {
    const [token] = await production().explain("services.lamb.environment.LAMB_BEARER_TOKEN", {
      environment: { LAMB_BEARER_TOKEN: "a value" },
    });
    expect(token?.value).toBe("(secret)");
    expect(token?.variables.map(({ name }) => name)).toEqual(["LAMB_BEARER_TOKEN"]);
    expect(token?.construct).toBe("next/lamb");
  });

  it("says nothing of what is not there", async () => {
    expect(await twoFiles().explain("services.nobody")).toEqual([]);
  });
});

describe("what only Compose would refuse", () => {
  const refusedBy = (services: { readonly [name: string]: ServiceProps }) => {
    const app = new App();
    const file = new ComposeFile(app, "base", { name: "demo" });
    for (const [name, props] of Object.entries(services)) new Service(file, name, { image: "web:1", ...props });
    return app.synth();
  };

  it("is a finding at its place, each of several values", async () => {
    const synthesis = refusedBy({
      web: { mem_limit: "6 elephants", shm_size: "huge", healthcheck: { interval: "often", test: ["CMD", "true"] } },
      db: { cpus: "many", depends_on: ["nobody"], secrets: ["none"] },
    });
    expect(synthesis.findings.map(({ code, construct, path }) => [code, construct, path])).toEqual([
      ["compose-refuses", "base/db", "services.db.cpus"],
      ["compose-refuses", "base/web", "services.web.healthcheck.interval"],
      ["compose-refuses", "base/web", "services.web.mem_limit"],
      ["compose-refuses", "base/web", "services.web.shm_size"],
      ["dangling-reference", "base/db", "services.db.depends_on"],
      ["dangling-reference", "base/db", "services.db.secrets"],
    ]);
    expect(synthesis.findings[2]?.reason).toContain("invalid suffix: 'elephants'");
    expect(() => synthesis.assertValid()).toThrow(SynthesisError);
    await expect(synthesis.write(join(folder, "never"))).rejects.toMatchObject({ findings: synthesis.findings });
  });

  it("is said once, of the smallest deployment that has it", () => {
    const app = new App();
    const file = new ComposeFile(app, "base", { name: "demo" });
    new Service(file, "web", { image: "web:1", mem_limit: "many" });
    new Overlay(file, "more");
    expect(app.synth().findings.map(({ code, file }) => [code, file])).toEqual([
      ["compose-refuses", "docker-compose.base.yaml"],
    ]);
  });

  it("is not what the server brings: a file that the operator keeps there", () => {
    expect(refusedBy({ web: { env_file: "./web.env" } }).findings).toEqual([]);
  });

  it("is not what only the operator knows: a value without a default", () => {
    const size = new EnvVar("SIZE", { meaning: "how much", required: true });
    expect(refusedBy({ web: { mem_limit: size } }).findings).toEqual([]);
  });
});
