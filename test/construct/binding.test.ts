import { ComposeFile, Config, EnvVar, Image, Network, Port, Secret, Service, Volume } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, dataOf, findingOf, program, serviceIn, textOf } from "./support";

describe("a volume that is mounted", () => {
  it("is declared by the file that mounts it", () => {
    const { app, file } = program();
    const data = new Volume(file, "data");
    new Service(file, "web", { image: "x:1", volumes: [data.at("/data"), data.at("/ro", { readOnly: true })] });
    expect(serviceIn(app, "web").volumes).toEqual(["data:/data", "data:/ro:ro"]);
    expect(dataOf(app).volumes).toEqual({ data: null });
  });

  it("is declared there, too, when another file has it, with what that one says of it", () => {
    const { app, file } = program();
    const other = new ComposeFile(app, "other");
    const data = new Volume(other, "data", { labels: { a: "b" } });
    new Service(file, "web", { image: "x:1", volumes: [data.at("/data")] });
    const declared = { data: { labels: { a: "b" } } };
    expect(dataOf(app).volumes).toEqual(declared);
    expect(dataOf(app, other.fileName).volumes).toEqual(declared);
    expect(codesOf(app)).toEqual([]);
  });

  it("is declared by every file that mounts it when it is of none", () => {
    const { app, file } = program();
    const other = new ComposeFile(app, "other");
    const data = new Volume(app, "data");
    for (const here of [file, other]) new Service(here, "web", { image: "x:1", volumes: [data.at("/data")] });
    expect([dataOf(app).volumes, dataOf(app, other.fileName).volumes]).toEqual([{ data: null }, { data: null }]);
    expect(codesOf(app)).toEqual([]);
  });

  it("is declared when only an extension of the file mentions it", () => {
    const { app, file } = program();
    const other = new ComposeFile(app, "other", { "x-volume": new Volume(file, "data") });
    expect(dataOf(app, other.fileName)).toEqual({ volumes: { data: null }, "x-volume": "data" });
  });

  it("takes the long form for what the short one cannot say", () => {
    const { app, file } = program();
    const data = new Volume(file, "data");
    const sub = new EnvVar("SUB", { meaning: "folder", default: "a" });
    new Service(file, "web", {
      image: "x:1",
      volumes: [data.at("/a:b", { readOnly: true }), data.at("/c", { subpath: sub, nocopy: true })],
    });
    expect(serviceIn(app, "web").volumes).toEqual([
      { type: "volume", source: "data", target: "/a:b", read_only: true, volume: {} },
      { type: "volume", source: "data", target: "/c", volume: { nocopy: true, subpath: "${SUB:-a}" } },
    ]);
    expect(codesOf(app)).toEqual([]);
  });

  it("has the reason of its second writer above the mount", () => {
    const { app, file } = program();
    const data = new Volume(file, "data");
    new Service(file, "a", { image: "x:1", volumes: [data.at("/data")] });
    new Service(file, "b", { image: "x:1", volumes: [data.at("/data", { reason: "writes users" })] });
    expect(textOf(app)).toContain("      # writes users\n      - data:/data\n");
    expect(codesOf(app)).toEqual([]);
  });
});

describe("networks, configs and secrets", () => {
  it("are declared where they are mentioned", () => {
    const { app, file } = program();
    const far = new ComposeFile(app, "far");
    new Service(file, "web", {
      image: "x:1",
      networks: [new Network(far, "back", { internal: true })],
      configs: [new Config(far, "settings", { content: "a" }).at("/settings")],
      secrets: [new Secret(far, "key", { file: "./key" })],
    });
    expect(dataOf(app)).toMatchObject({
      networks: { back: { internal: true } },
      configs: { settings: { content: "a" } },
      secrets: { key: { file: "./key" } },
    });
    expect(serviceIn(app, "web").configs).toEqual([{ source: "settings", target: "/settings" }]);
    expect(codesOf(app)).toEqual([]);
  });

  it("may share their name with a service", () => {
    const { app, file } = program();
    new Service(file, "data", {
      image: "x:1",
      volumes: [new Volume(file, "data").at("/d")],
      networks: [new Network(file, "data")],
    });
    expect(codesOf(app)).toEqual([]);
    expect(dataOf(app)).toMatchObject({ services: { data: {} }, volumes: { data: null }, networks: { data: null } });
  });
});

describe("a variable", () => {
  const meaning = "what it is for";
  const host = new EnvVar("HOST", { meaning, default: "localhost" });
  const key = new EnvVar("KEY", { meaning, required: true });
  const optional = new EnvVar("OPTIONAL", { meaning });

  it("stands in place of a value, inside texts and in lists", () => {
    const { app, file } = program();
    new Service(file, "web", {
      image: new Image("x", { tag: key }),
      command: ["serve", host, `--url=http://${host}:${key}/`],
      environment: { NAME: host, TEXT: `a ${host}`, OTHER: optional },
      ports: [Port.loopback(80, { published: key })],
    });
    const required = "${KEY:?set it in .env: what it is for}";
    expect(serviceIn(app, "web")).toEqual({
      command: ["serve", "${HOST:-localhost}", "--url=http://${HOST:-localhost}:${KEY}/"],
      environment: { NAME: "${HOST:-localhost}", TEXT: "a ${HOST:-localhost}", OTHER: "${OPTIONAL:-}" },
      image: `x:${required}`,
      ports: [{ host_ip: "127.0.0.1", published: "${KEY}", target: 80 }],
    });
    expect(codesOf(app)).toEqual([]);
  });

  it("is passed on without value under its own name, when it is optional and has no default", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", environment: { OPTIONAL: optional, HOST: host, KEY: key } });
    expect(serviceIn(app, "web").environment).toEqual({
      OPTIONAL: null,
      HOST: "${HOST:-localhost}",
      KEY: "${KEY:?set it in .env: what it is for}",
    });
  });

  it("is known to the synthesis wherever it is mentioned, those in its default included", () => {
    const { app, file } = program();
    const url = new EnvVar("URL", { meaning, default: `http://${host}/` });
    new Service(file, "web", { image: "x:1", environment: { A: `${url}` }, "x-note": [key] });
    const { context } = app.synth();
    expect(context.variables().map(({ name }) => name)).toEqual(["URL", "HOST", "KEY"]);
    expect(context.mentionsOf("KEY").map(({ construct, path }) => [construct.node.path, path])).toEqual([
      ["next/web", ["services", "web", "x-note", 0]],
    ]);
  });

  it("is a warning when it is only text, also in a text that has another one", () => {
    const { app, file } = program();
    new Service(file, "web", {
      image: "x:1",
      environment: { A: `${host}-\${PLAIN}`, B: "${COMPOSE_PROJECT_NAME} $$NOT" },
    });
    expect(findingOf(app, "variable-unexplained")).toMatchObject({
      severity: "warning",
      value: "PLAIN",
      construct: "next/web",
      path: "services.web.environment.A",
    });
  });
});
