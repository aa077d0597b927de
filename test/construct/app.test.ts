import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Construct } from "constructs";
import {
  App,
  Artifact,
  ComposeFile,
  EnvVar,
  Healthcheck,
  Image,
  Network,
  Overlay,
  override,
  reset,
  Service,
  SynthesisError,
  Volume,
} from "lamb-compose";
import { describe, expect, it, vi } from "vitest";
import { codesOf, dataOf, findingOf, program, thrownBy } from "./support";

/** A program that uses a bit of everything, mistakes included. */
function everything(): App {
  const app = new App();
  const file = new ComposeFile(app, "next", { name: "p", "x-a": { b: [null] } });
  const port = new EnvVar("PORT", { meaning: "the port", default: 8080 });
  const data = new Volume(file, "data", { labels: { a: "b" } });
  const web = new Service(file, "web", {
    image: new Image("x", { tag: "1" }),
    environment: { PORT: port, URL: `http://localhost:${port}`, A: null },
    volumes: [data.at("/data")],
    healthcheck: Healthcheck.curl("http://localhost/"),
    ports: ["80:80"],
  });
  new Service(file, "api", { image: "y:1" })
    .dependsOn(web)
    .connect(new Network(file, "back"), { aliases: ["a"] })
    .addAlias("old", "why")
    .patch({ restart: "always", missing: null });
  const prod = new Overlay(file, "prod");
  prod.change(web, { ports: reset(), environment: override({ B: "1" }) });
  new Artifact(prod, "guide", {
    fileName: "docs/guide.md",
    content: ({ files }) => files.map((rendered) => JSON.stringify(rendered.document)).join("\n"),
  });
  return app;
}

const result = (app: App) => {
  const { files, findings } = app.synth();
  return { files: [...files], findings };
};

describe("synth", () => {
  it("gives the same bytes and findings each time, and the same for an equal program", () => {
    const app = everything();
    const first = result(app);
    expect(result(app)).toEqual(first);
    expect(result(everything())).toEqual(first);
    expect(first.findings.map(({ code }) => code)).toEqual(["patch-misses"]);
  });

  it("leaves the program as it was: it can go on, and what it adds is all that changes", () => {
    const app = everything();
    const other = everything();
    app.synth();
    for (const one of [app, other]) {
      const [file] = one.files;
      if (file === undefined) return expect.fail();
      new Service(file, "late", { image: "z:1" });
      file.services[0]?.setEnvironment("LATE", "1").add("ports", "81:81").addAlias("late");
    }
    expect(result(app)).toEqual(result(other));
  });

  it("writes nothing, unlike write()", () => {
    const directory = mkdtempSync(join(tmpdir(), "lamb-compose-app-"));
    const before = process.cwd();
    try {
      process.chdir(directory);
      everything().synth();
      expect(readdirSync(directory)).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(directory, { recursive: true });
    }
  });

  it("has the files in the order of the program: Compose files, then artifacts", () => {
    const app = new App();
    new Artifact(app, "z", { fileName: "z", content: "z" });
    for (const id of ["c", "a", "b"]) new ComposeFile(app, id);
    new Artifact(app, "y", { fileName: "y", content: "y" });
    expect([...app.synth().files.keys()]).toEqual([
      "docker-compose.c.yaml",
      "docker-compose.a.yaml",
      "docker-compose.b.yaml",
      "z",
      "y",
    ]);
    expect(app.files.map(({ name }) => name)).toEqual(["c", "a", "b"]);
    expect(app.artifacts.map(({ name }) => name)).toEqual(["z", "y"]);
  });

  it("gives artifacts the finished files", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1" });
    const names = vi.fn(() => "names");
    const artifact = new Artifact(app, "a", {
      fileName: "a",
      content: (context) => `${names()} ${Object.keys(Object(context.rendered(file)?.document.services))}`,
    });
    new Service(file, "late", { image: "x:1" });
    expect(names).not.toHaveBeenCalled();
    expect(app.synth().files.get("a")).toBe("names web,late");
    expect(app.synth().context.rendered(new ComposeFile(new App(), "other"))).toBeUndefined();
    expect(artifact.fileName).toBe("a");
  });

  it("runs the validations that are added to any construct", () => {
    const { app, file } = program({ "x-a": 1 });
    const group = new Construct(file, "group");
    group.node.addValidation({ validate: () => ["is too small", "is too blue"] });
    expect(app.synth().findings).toMatchObject([
      { code: "validation", construct: "next/group", reason: "is too small", severity: "error" },
      { code: "validation", construct: "next/group", reason: "is too blue" },
    ]);
  });
});

describe("findings", () => {
  it("are all there at once, and nothing can be written or checked", async () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", networks: ["none"], ports: ["80:80"] }).patch({ restrat: "no" });
    new Service(file, "b", { image: "x:1", ports: ["80:80"], depends_on: ["c"] });
    const synthesis = app.synth();
    expect(codesOf(synthesis)).toEqual(["schema", "port-conflict", "dangling-reference", "dangling-reference"]);
    const error = thrownBy(() => synthesis.assertValid());
    expect(error).toBeInstanceOf(SynthesisError);
    expect(error).toMatchObject({ code: "synthesis", findings: synthesis.findings });
    for (const { reason, fix, path = "-", construct } of synthesis.findings) {
      for (const part of [reason, fix, path, construct]) expect(String(error)).toContain(part);
    }
    const directory = join(tmpdir(), "lamb-compose-never");
    await expect(synthesis.write(directory)).rejects.toThrow(SynthesisError);
    await expect(synthesis.check(directory)).rejects.toThrow(SynthesisError);
    expect(existsSync(directory)).toBe(false);
  });

  it("that are warnings do not keep the result from being used", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:${TAG}" });
    const synthesis = app.synth();
    expect(synthesis.findings.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(synthesis.assertValid()).toBe(synthesis);
    expect(synthesis.errors).toEqual([]);
  });

  it("are said once, of the smallest deployment that has the problem", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", networks: ["none"] });
    for (const id of ["one", "two"]) new Service(new Overlay(file, id), id, { image: "x:1" });
    expect(findingOf(app, "dangling-reference").file).toBe(file.fileName);
  });
});

describe("large programs", () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `s${index}`);

  it("may be a chain of 10,000 services, each waiting for the health of the next", () => {
    const { app, file } = program();
    const image = new Image("x", { tag: "1", hasHealthcheck: true });
    let before: Service | undefined;
    for (const name of names) {
      const service = new Service(file, name, { image });
      if (before !== undefined) service.dependsOn(before);
      before = service;
    }
    const { files, findings } = app.synth();
    expect(findings).toEqual([]);
    const [text = ""] = files.values();
    expect(text.match(/^ {2}s\d+:$/gm)).toEqual(names.map((name) => `  ${name}:`));
  });

  it("may be 10,000 services in a circle, which is found, and said by both ends of the way around", () => {
    const { app, file } = program();
    const services = names.map((name) => new Service(file, name, { image: "x:1" }));
    for (const [index, service] of services.entries()) {
      service.dependsOn(services[(index + 1) % services.length] ?? service, "service_started");
    }
    const finding = findingOf(app, "dependency-cycle");
    expect(finding.reason).toMatch(/: s0 -> s1 -> .* -> 9980 more -> .* -> s9999 -> s0$/);
  });

  it("may be 25 layers of two services that each wait for both below: the ways through are 2^25", () => {
    const { app, file } = program();
    let below: Service[] = [];
    for (let layer = 0; layer < 25; layer++) {
      const here = ["a", "b"].map((side) => new Service(file, `${side}${layer}`, { image: "x:1" }));
      for (const service of here) for (const other of below) service.dependsOn(other, "service_started");
      below = here;
    }
    expect(codesOf(app)).toEqual([]);
    expect(file.services).toHaveLength(50);
  });

  it("may be a tree that is 3,000 constructs deep", () => {
    const { app, file } = program();
    let scope: Construct = file;
    for (let depth = 0; depth < 3_000; depth++) scope = new Construct(scope, "d");
    new Service(scope, "web", { image: "x:1" }).add("volumes", new Volume(scope, "data").at("/data"));
    expect(dataOf(app)).toEqual({
      services: { web: { image: "x:1", volumes: ["data:/data"] } },
      volumes: { data: null },
    });
    expect(codesOf(app)).toEqual([]);
  });
});
