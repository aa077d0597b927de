import {
  ComposeFile,
  EnvVar,
  Healthcheck,
  Image,
  Overlay,
  reset,
  Service,
  type ServiceProps,
  Volume,
} from "lamb-compose";
import { describe, expect, it } from "vitest";
import { describeWith, dockerCompose } from "../../support/tools";
import { codesOf, findingOf, program, textOf } from "../support";

describe("waiting for the health of a service", () => {
  const waiting = (props: ServiceProps, change?: ServiceProps) => {
    const { app, file } = program();
    const db = new Service(file, "db", { image: "x:1", ...props });
    new Service(file, "web", { image: "x:1" }).dependsOn(db);
    if (change !== undefined) new Overlay(file, "prod").change(db, change);
    return app;
  };

  it("that has no healthcheck is a finding", () => {
    expect(findingOf(waiting({}), "no-healthcheck")).toEqual({
      code: "no-healthcheck",
      severity: "error",
      construct: "next/web",
      file: "docker-compose.next.yaml",
      path: "services.web.depends_on.db",
      reason: "waits until db is healthy, and db has no healthcheck: Compose would refuse to start",
      fix: "give db a healthcheck, or say that its image has one: new Image(…, { hasHealthcheck: true })",
    });
  });

  const healthy = new Image("x", { tag: "1", hasHealthcheck: true });
  const plain = new Image("x", { tag: "1" });
  it.each<[name: string, props: ServiceProps, found: boolean]>([
    ["its own", { healthcheck: Healthcheck.shell("true") }, false],
    ["its image's", { image: healthy }, false],
    ["none, and says so of its image", { image: plain }, true],
    ["its own, switched off", { healthcheck: Healthcheck.none() }, true],
    ["its image's, switched off", { image: healthy, healthcheck: Healthcheck.none() }, true],
    ["NONE", { image: healthy, healthcheck: { test: ["NONE"] } }, true],
    ["NONE as a text", { image: healthy, healthcheck: { test: "NONE" } }, true],
    ["only times", { healthcheck: { interval: "1s" } }, true],
    ["its image's, with other times", { image: healthy, healthcheck: { interval: "1s" } }, false],
    ["nothing where its image has one", { image: healthy, healthcheck: undefined }, false],
  ])("that has %s", (_, props, found) => {
    expect(codesOf(waiting(props))).toEqual(found ? ["no-healthcheck"] : []);
  });

  it("counts what an overlay does: taking the healthcheck away, or another image", () => {
    const own = { healthcheck: Healthcheck.shell("true") };
    expect(codesOf(waiting(own, { healthcheck: reset() }))).toEqual(["no-healthcheck"]);
    expect(codesOf(waiting({ image: healthy }, { image: plain }))).toEqual(["no-healthcheck"]);
    expect(codesOf(waiting({ image: healthy }, { image: "y:1" }))).toEqual(["no-healthcheck"]);
    expect(codesOf(waiting({ image: healthy }, { init: true }))).toEqual([]);
    const { file } = findingOf(waiting(own, { healthcheck: reset() }), "no-healthcheck");
    expect(file).toBe("docker-compose.next.yaml + docker-compose.next.prod.yaml");
  });

  it("is not asked for by other conditions", () => {
    const { app, file } = program();
    const db = new Service(file, "db", { image: "x:1" });
    new Service(file, "web", { image: "x:1" }).dependsOn(db, "service_started");
    new Service(file, "api", { image: "x:1", depends_on: ["db"] });
    expect(codesOf(app)).toEqual([]);
  });
});

describe("services that wait for each other", () => {
  const graph = (edges: Readonly<Record<string, readonly string[]>>) => {
    const { app, file } = program();
    for (const [name, depends_on] of Object.entries(edges)) new Service(file, name, { image: "x:1", depends_on });
    return app;
  };
  const ways = (edges: Readonly<Record<string, readonly string[]>>) =>
    graph(edges)
      .synth()
      .findings.map(({ reason }) => reason.replace(/^.*: /, ""));

  it("are a finding with the way around, and not the way there", () => {
    const app = graph({ start: ["a"], a: ["b"], b: ["c"], c: ["a", "d"], d: [] });
    expect(findingOf(app, "dependency-cycle")).toEqual({
      code: "dependency-cycle",
      severity: "error",
      construct: "next/c",
      file: "docker-compose.next.yaml",
      path: "services.c.depends_on",
      reason: "the services wait for each other: a -> b -> c -> a",
      fix: "take one of these dependencies out",
    });
  });

  it("are each found", () => {
    expect(ways({ a: ["a"] })).toEqual(["a -> a"]);
    expect(ways({ a: ["b"], b: ["a"], c: ["d"], d: ["c"] })).toEqual(["a -> b -> a", "c -> d -> c"]);
    expect(ways({ a: ["b", "c"], b: ["a"], c: ["a"] })).toEqual(["a -> b -> a", "a -> c -> a"]);
  });

  it("are not those that only share a dependency", () => {
    expect(ways({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })).toEqual([]);
  });

  it("may do so by what they share", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", ipc: "service:b" });
    new Service(file, "b", { image: "x:1", network_mode: "service:c" });
    new Service(file, "c", { image: "x:1", volumes_from: ["d:ro"] });
    new Service(file, "d", { image: "x:1", links: ["a:alias"] });
    expect(findingOf(app, "dependency-cycle").reason).toContain("a -> b -> c -> d -> a");
  });

  it("may do so only in the merge", () => {
    const { app, file } = program();
    const a = new Service(file, "a", { image: "x:1" });
    new Service(file, "b", { image: "x:1", depends_on: ["a"] });
    expect(codesOf(app)).toEqual([]);
    new Overlay(file, "prod").change(a, { depends_on: ["b"] });
    expect(findingOf(app, "dependency-cycle").file).toContain("prod");
  });

  describeWith("docker-compose", "to Compose", () => {
    it("the way is the same", () => {
      const app = graph({ start: ["a"], a: ["b"], b: ["c"], c: ["a"] });
      const { status, stderr } = dockerCompose(["-p", "p", "-f", "-", "config", "-q"], {
        input: textOf(app),
      });
      expect(status).not.toBe(0);
      const [, around = ""] = findingOf(app, "dependency-cycle").reason.split(": ");
      const circle = (way: string) => new Set(way.split(" -> "));
      expect(circle(/detected: (.*)/.exec(stderr)?.[1] ?? "")).toEqual(circle(around));
    });
  });
});

describe("a container name", () => {
  it("that two services have is a finding, variables at their defaults", () => {
    const { app, file } = program();
    const name = new EnvVar("NAME", { meaning: "a name", default: "lamb" });
    new Service(file, "a", { image: "x:1", container_name: "lamb" });
    new Service(file, "b", { image: "x:1", container_name: "other" });
    new Service(file, "c", { image: "x:1", container_name: name });
    expect(findingOf(app, "duplicate-container-name")).toMatchObject({
      construct: "next/c",
      path: "services.c.container_name",
      value: '"lamb"',
      reason: "is the container name of a already",
    });
  });

  it("may be had by services that no profile starts at once, and by no others", () => {
    const { app, file } = program();
    const make = (id: string, profiles: string[]) =>
      new Service(file, id, { image: "x:1", container_name: "one", profiles });
    make("a", ["one"]);
    make("b", ["two"]);
    expect(codesOf(app)).toEqual([]);
    make("c", ["three", "two"]);
    expect(findingOf(app, "duplicate-container-name")).toMatchObject({
      construct: "next/c",
      reason: "is the container name of b already",
    });
  });

  it("is looked for in the merge", () => {
    const { app, file } = program();
    const a = new Service(file, "a", { image: "x:1", container_name: "one" });
    const prod = new Overlay(file, "prod");
    new Service(prod, "b", { image: "x:1", container_name: "one" });
    expect(codesOf(app)).toEqual(["duplicate-container-name"]);
    prod.change(a, { container_name: "two" });
    expect(codesOf(app)).toEqual([]);
  });
});

describe("a service that cannot run", () => {
  it("has no image, no build and no provider", () => {
    const { app, file } = program();
    new Service(file, "none");
    new Service(file, "image", { image: "x:1" });
    new Service(file, "build", { build: "." });
    new Service(file, "provider", { provider: { type: "model" } });
    expect(findingOf(app, "no-image")).toMatchObject({ construct: "next/none", path: "services.none" });
  });

  it("may get its image from an overlay, which alone it lacks", () => {
    const { app, file } = program();
    const web = new Service(file, "web");
    new Overlay(file, "prod").change(web, { image: "x:1" });
    expect(findingOf(app, "no-image").file).toBe(file.fileName);
  });

  it("has both network_mode and networks", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", network_mode: "host" }).addAlias("www");
    expect(findingOf(app, "network-mode-and-networks")).toMatchObject({
      construct: "next/web",
      path: "services.web.network_mode",
    });
  });
});

describe("files that cannot be merged", () => {
  it("are a finding with Compose's words", () => {
    const { app, file } = program();
    const web = new Service(file, "web", { image: "x:1", "x-a": { b: 1 } });
    new Overlay(file, "prod").change(web, { "x-a": ["c"] });
    const finding = findingOf(app, "cannot-merge");
    expect(finding.file).toBe("docker-compose.next.yaml + docker-compose.next.prod.yaml");
    expect(finding.reason).toContain("services.web.x-a");
  });
});

describe("two constructs with one name in a section", () => {
  it("are a finding at the second, which names the first", () => {
    const { app, file } = program();
    const other = new ComposeFile(app, "other");
    new Volume(file, "data");
    new Service(file, "web", { image: "x:1", volumes: [new Volume(other, "data").at("/d")] });
    expect(findingOf(app, "duplicate-name")).toMatchObject({
      construct: "other/volumes:data",
      path: "volumes.data",
      file: file.fileName,
      reason: "has the same name as another construct of the same section, next/volumes:data",
    });
  });
});
