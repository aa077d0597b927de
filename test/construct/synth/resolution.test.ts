import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CaddyOverlay, ComposeFile, LambStack, Overlay, Service, SynthesisError } from "lamb-compose";
import { afterAll, describe, expect, it } from "vitest";
import { describeWith, run } from "../../support/tools";

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
    const answer = run("docker", ["compose", ...words, "config", "--format", "json"], { cwd: folder, env });
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
  it("keeps everything from being written", async () => {
    const app = new App();
    const file = new ComposeFile(app, "base", { name: "demo" });
    new Service(file, "web", { image: "web:1", mem_limit: "many" });
    const synthesis = app.synth();
    expect(synthesis.errors).toEqual([]);
    expect(await synthesis.refusals()).toMatchObject([
      {
        code: "compose-refuses",
        file: "docker-compose.base.yaml",
        reason: expect.stringContaining("invalid size: 'many'"),
      },
    ]);
    await expect(synthesis.write(join(folder, "never"))).rejects.toThrow(SynthesisError);
  });

  it("is not what the server brings: a file that the operator keeps there", async () => {
    const app = new App();
    new Service(new ComposeFile(app, "base", { name: "demo" }), "web", { image: "web:1", env_file: "./web.env" });
    expect(await app.synth().refusals()).toEqual([]);
  });
});
