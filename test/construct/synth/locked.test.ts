import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type App,
  Artifact,
  because,
  EnvVar,
  type Finding,
  Image,
  ImageLock,
  Overlay,
  override,
  reset,
  Service,
  type ServiceProps,
  type Synthesis,
} from "lamb-compose";
import { BIND, type Bindable } from "lamb-compose/construct";
import { envContract } from "lamb-compose/env";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { lockOf } from "../../support/locks";
import { program } from "../support";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const lock = lockOf({ "redis:7.2": "a", "ghcr.io/x/app:v1": "b", "nginx:latest": "c" });
const version = new EnvVar("APP_VERSION", { meaning: "version of the application", default: "v1" });

/** A program with one service, and what a synthesis with the lock makes of it. */
function locked(props: ServiceProps, change: (service: Service, app: App) => void = () => {}) {
  const { app, file } = program();
  change(new Service(file, "web", props), app);
  const synthesis = app.synth({ lock });
  return { app, synthesis, web: serviceOf(synthesis), findings: unlocked(synthesis) };
}

function serviceOf(synthesis: Synthesis, path = "docker-compose.next.yaml") {
  return parse(synthesis.files.get(path) ?? "", { logLevel: "silent" }).services.web;
}

function unlocked({ findings }: Synthesis): readonly Finding[] {
  return findings.filter(({ code }) => code === "image-not-locked");
}

describe("a synthesis with a lock", () => {
  it.each<[string, Bindable<string>, string]>([
    ["an image by its tag", new Image("redis", { tag: "7.2" }), `redis:7.2@${A}`],
    ["text", "redis:7.2", `redis:7.2@${A}`],
    ["another name of the same", "docker.io/library/redis:7.2", `docker.io/library/redis:7.2@${A}`],
    ["a tag that is a variable", new Image("ghcr.io/x/app", { tag: version }), `ghcr.io/x/app:v1@${B}`],
    ["text with the variable in it", `ghcr.io/x/app:${version}`, `ghcr.io/x/app:v1@${B}`],
    ["text with an expression", "ghcr.io/x/app:${V:-v1}", `ghcr.io/x/app:v1@${B}`],
    ["a variable for a part of the tag", "redis:${MAJOR:-7}.2", `redis:7.2@${A}`],
    ["a variable that is all of it", new EnvVar("I", { meaning: "image", default: "redis:7.2" }), `redis:7.2@${A}`],
    ["an earlier name of a variable", "redis:${V:-${OLD_V:-7.2}}", `redis:7.2@${A}`],
    ["a registry that is a variable", "${R:-ghcr.io}/x/app:${V:-v1}", `\${R:-ghcr.io}/x/app:v1@${B}`],
    ["no tag", "nginx", `nginx:latest@sha256:${"c".repeat(64)}`],
    ["a reason beside it", because("it is small", "redis:7.2"), `redis:7.2@${A}`],
    ["a binding of somebody's own", { [BIND]: (use) => use.image("redis:7.2") }, `redis:7.2@${A}`],
    ["a digest of its own", `redis:7.2@${B}`, `redis:7.2@${B}`],
    ["a digest of its own without a tag", new Image("redis", { digest: B }), `redis@${B}`],
    ["a digest of its own in a default", `\${I:-redis:7.2@${B}}`, `\${I:-redis:7.2@${B}}`],
  ])("names by digest what is given as %s", (_, image, written) => {
    const { web, findings, synthesis } = locked({ image });
    expect(web.image).toBe(written);
    expect([findings, synthesis.errors]).toEqual([[], []]);
  });

  it("names every place that pulls an image, and no other", () => {
    const { web, findings } = locked({
      image: "redis:7.2",
      environment: {
        PLAIN: "redis:7.2",
        IMAGE: new Image("redis", { tag: "7.2" }),
        OTHER: new Image("o", { tag: "1" }),
      },
      labels: { image: "redis:7.2" },
      pre_start: [{ image: "nginx", command: "true" }],
      volumes: [
        { type: "image", source: "ghcr.io/x/app:v1", target: "/app" },
        { type: "volume", source: "redis", target: "/data" },
      ],
    });
    expect(web).toMatchObject({
      environment: { PLAIN: "redis:7.2", IMAGE: `redis:7.2@${A}`, OTHER: "o:1" },
      labels: { image: "redis:7.2" },
      pre_start: [{ image: `nginx:latest@sha256:${"c".repeat(64)}` }],
      volumes: [{ source: `ghcr.io/x/app:v1@${B}` }, { source: "redis" }],
    });
    expect(findings).toEqual([]);
  });

  it("leaves the name alone under which a service is built", () => {
    const { web, findings } = locked({ image: "redis:7.2", build: "." });
    expect([web.image, findings]).toEqual(["redis:7.2", []]);
  });

  it("names what an overlay and a patch put there", () => {
    const { app, file } = program({ "x-a": 1 });
    const web = new Service(file, "web", { image: "nowhere:1" }).patch({ image: "redis:7.2" });
    const over = new Overlay(file, "over");
    over.change(web, { image: override("ghcr.io/x/app:v1") });
    new Overlay(file, "away").change(web, { image: reset(), build: "." });
    const synthesis = app.synth({ lock });
    expect(serviceOf(synthesis).image).toBe(`redis:7.2@${A}`);
    expect(serviceOf(synthesis, over.fileName).image).toBe(`ghcr.io/x/app:v1@${B}`);
    expect(unlocked(synthesis)).toEqual([]);
  });

  it("gives the same twice, and changes nothing for one without", () => {
    const { app, file } = program({ "x-a": 1 });
    new Service(file, "web", { image: new Image("ghcr.io/x/app", { tag: version }) });
    const before = [...app.synth().files];
    const both = [app.synth({ lock }), app.synth({ lock })].map(({ files }) => [...files]);
    expect(both[0]).toEqual(both[1]);
    expect([...app.synth().files]).toEqual(before);
    expect(before.join()).toContain("ghcr.io/x/app:${APP_VERSION:-v1}");
  });
});

describe("an image that the lock lacks", () => {
  it.each<[string, Bindable<string>, string]>([
    ["an image", new Image("redis", { tag: "8" }), "redis:8"],
    ["text", "redis:8", "redis:8"],
    ["a registry that is a variable", "${R:-ghcr.io}/x/app:v2", "${R:-ghcr.io}/x/app:v2"],
    ["no tag", "redis", "redis"],
    [
      "a tag that is a variable: the others of its release stand still, too",
      `ghcr.io/x/kb:${version}`,
      "ghcr.io/x/kb:v1",
    ],
  ])("is a warning, and is written without a digest: %s", (_, image, written) => {
    const { web, findings, synthesis } = locked({ image });
    expect(web.image).toBe(written);
    expect(synthesis.errors).toEqual([]);
    expect(findings).toEqual([
      {
        code: "image-not-locked",
        severity: "warning",
        construct: "next/web",
        file: "docker-compose.next.yaml",
        path: "services.web.image",
        value: written,
        reason: expect.stringContaining("is not in images.lock.json"),
        fix: expect.stringContaining("run `lamb-compose lock`"),
      },
    ]);
  });

  it.each<[string, Bindable<string>, string]>([
    ["a variable that is required", "redis:${V:?}", "redis:${V:?}"],
    ["a variable without a default", "redis:${V}", "redis:${V}"],
    ["a variable object without a default", `redis:${new EnvVar("W", { meaning: "version" })}`, "redis:${W:-}"],
    ["a variable registry without a default", "${R}/redis:7.2", "${R}/redis:7.2"],
  ])("depends on %s: another reason, another fix", (_, image, written) => {
    const { web, findings } = locked({ image });
    expect(web.image).toBe(written);
    expect(findings).toMatchObject([
      {
        value: written,
        reason: expect.stringContaining("variable without a default"),
        fix: expect.stringContaining("give the variable a default"),
      },
    ]);
  });

  it("is no name of an image at all", () => {
    const { web, findings } = locked({ image: "Redis:7.2" });
    expect(web.image).toBe("Redis:7.2");
    expect(findings).toMatchObject([{ reason: expect.stringContaining("is not the name of an image") }]);
  });

  it("is said for each place", () => {
    const { findings } = locked({ image: "redis:8", pre_start: [{ image: "redis:8" }, { image: "redis:7.2" }] });
    expect(findings.map(({ path }) => path)).toEqual(["services.web.image", "services.web.pre_start[0].image"]);
  });
});

describe("a variable that named a tag", () => {
  it("is not in the template any more, and still is when something else reads it", () => {
    const template = (environment: ServiceProps["environment"]) => {
      const { synthesis } = locked({ image: new Image("ghcr.io/x/app", { tag: version }), environment });
      return synthesis.context.variables().map(({ name }) => name);
    };
    expect(template({})).toEqual([]);
    expect(template({ VERSION: version })).toEqual(["APP_VERSION"]);
  });

  it("is retired in the contract of the .env, unless something else reads it", () => {
    const retired = (props: ServiceProps) => envContract(locked(props).synthesis.context).retired;
    const tagged = new Image("ghcr.io/x/app", { tag: version });
    expect(retired({ image: tagged })).toEqual([
      { name: "APP_VERSION", harmlessValue: "v1", reason: expect.stringContaining("images.lock.json") },
    ]);
    expect(retired({ image: tagged, environment: { VERSION: version } })).toEqual([]);
    expect(retired({ image: "ghcr.io/x/app:${V:-v1}", labels: ["${V:-}"] })).toEqual([]);
    expect(retired({ image: "redis:${V:-${OLD_V:-7.2}}", labels: ["${W}"] }).map(({ name }) => name)).toEqual([
      "V",
      "OLD_V",
    ]);
  });

  it("is told from one that names the registry, which stays", () => {
    const { synthesis } = locked({ image: "${R:-ghcr.io}/x/app:${V:-v1}" });
    const [mention] = synthesis.context.files[0]?.register.images ?? [];
    expect(mention).toMatchObject({
      path: ["services", "web", "image"],
      what: { fixed: [{ name: "V", value: "v1" }] },
    });
  });

  it("is not missed as a name that nothing explains", () => {
    const { synthesis } = locked({ image: "ghcr.io/x/app:${V:-v1}" });
    expect(synthesis.findings).toEqual([]);
  });
});

describe("an artifact that asks for an image", () => {
  const dockerfile = (...names: readonly string[]) => {
    const { app } = program({ "x-a": 1 });
    new Artifact(app, "dockerfile", {
      fileName: "web/Dockerfile",
      content: (context) => names.map((name) => `FROM ${context.pinned(name)}\n`).join(""),
    });
    return app;
  };

  it("gets it by digest", () => {
    const synthesis = dockerfile("redis:7.2", "docker.io/redis:7.2", `redis:7.2@${B}`).synth({ lock });
    expect(synthesis.files.get("web/Dockerfile")).toBe(
      `FROM redis:7.2@${A}\nFROM docker.io/redis:7.2@${A}\nFROM redis:7.2@${B}\n`,
    );
    expect(synthesis.findings).toEqual([]);
  });

  it("gets it as it is when there is no lock, without a finding", () => {
    const synthesis = dockerfile("redis:8").synth();
    expect(synthesis.files.get("web/Dockerfile")).toBe("FROM redis:8\n");
    expect(synthesis.findings).toEqual([]);
  });

  it("gets it as it is when the lock lacks it, and that is a warning", () => {
    const synthesis = dockerfile("redis:8", "redis:8").synth({ lock });
    expect(synthesis.files.get("web/Dockerfile")).toBe("FROM redis:8\nFROM redis:8\n");
    expect(synthesis.findings).toEqual([
      {
        code: "image-not-locked",
        severity: "warning",
        construct: "dockerfile",
        file: "web/Dockerfile",
        value: "redis:8",
        reason: expect.stringContaining("is not in images.lock.json"),
        fix: expect.stringContaining("lamb-compose lock"),
      },
    ]);
  });
});

describe("a service that an overlay builds", () => {
  const built = (props: ServiceProps) => {
    const { app, file } = program({ "x-a": 1 });
    const web = new Service(file, "web", { image: "redis:7.2" });
    new Overlay(file, "develop").change(web, props);
    return app.synth({ lock }).findings;
  };

  it("is warned of: Docker builds nothing under a name with a digest", () => {
    expect(built({ build: "." })).toMatchObject([
      {
        code: "image-built-and-pinned",
        severity: "warning",
        path: "services.web.image",
        value: `redis:7.2@${A}`,
        fix: expect.stringContaining("name of its own"),
      },
    ]);
  });

  it("is fine with a name of its own there", () => {
    expect(built({ build: ".", image: "web-develop:1" })).toEqual([]);
  });
});

describe("the lock's file", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "lamb-compose-lock-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const path = () => join(directory, ImageLock.fileName);

  it("is nobody's artifact", () => {
    const { app } = program({ "x-a": 1 });
    new Artifact(app, "lock", { fileName: ImageLock.fileName, content: "" });
    expect(app.synth().findings).toMatchObject([{ code: "invalid-file-name", severity: "error" }]);
  });

  it("stays as it is through writes and checks, even where a record lists it", async () => {
    const { app, file } = program({ "x-a": 1 });
    new Service(file, "web", { image: "redis:7.2" });
    writeFileSync(path(), lock.toString());
    await app.synth({ lock }).write(directory);
    const record = join(directory, ".lamb-compose.json");
    const manifest = JSON.parse(readFileSync(record, "utf8"));
    manifest.files[ImageLock.fileName] = manifest.files["docker-compose.next.yaml"];
    writeFileSync(record, JSON.stringify(manifest));
    expect(await app.synth({ lock }).check(directory)).toEqual([]);
    const { removed, kept } = await app.synth().write(directory, { overwriteEdited: true });
    expect([removed, kept]).toEqual([[], []]);
    expect(readFileSync(path(), "utf8")).toBe(lock.toString());
    expect(readFileSync(record, "utf8")).not.toContain(ImageLock.fileName);
    expect(existsSync(path())).toBe(true);
  });
});
