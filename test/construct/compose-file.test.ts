import { Construct } from "constructs";
import { App, ComposeFile, Overlay, Service, Volume } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, dataOf, findingOf, program, serviceIn, textOf, thrownBy } from "./support";

describe("a Compose file", () => {
  it("is named after its id, unless a name is given", () => {
    const app = new App();
    expect(new ComposeFile(app, "next").fileName).toBe("docker-compose.next.yaml");
    expect(new ComposeFile(app, "b", { fileName: "deploy/compose.yaml" }).fileName).toBe("deploy/compose.yaml");
    expect([...app.synth().files.keys()]).toEqual(["docker-compose.next.yaml", "deploy/compose.yaml"]);
  });

  it("says at its top what it is for, what made it and how to change it", () => {
    const { app } = program({ description: "The stack.\nAll of it." });
    const comment = textOf(app).split("\n\n")[0];
    expect(comment).toMatch(/^# The stack\.\n# All of it\.\n#/);
    expect(comment).toContain('"next"');
    expect(comment).toContain("Do not edit: change the program");
  });

  it("has every construct below it, at any depth, and none of another file's", () => {
    const { app, file } = program();
    const group = new Construct(file, "group");
    new Service(new Construct(group, "inner"), "web", { image: "x:1" });
    const other = new ComposeFile(group, "other");
    new Service(other, "api", { image: "x:1" });
    new Volume(group, "data");
    expect(Object.keys(dataOf(app).services)).toEqual(["web"]);
    expect(dataOf(app).volumes).toEqual({ data: null });
    expect(dataOf(app, other.fileName)).toEqual({ services: { api: { image: "x:1" } } });
  });

  it("is found from any construct below it", () => {
    const { app, file } = program();
    const web = new Service(new Construct(file, "group"), "web");
    expect(ComposeFile.of(web)).toBe(file);
    expect(ComposeFile.of(file)).toBe(file);
    expect(ComposeFile.of(new Overlay(file, "prod"))).not.toBe(file);
    expect(thrownBy(() => ComposeFile.of(app))).toMatchObject({ code: "no-compose-file" });
  });

  it("has one name for the project at its top, so that volumes keep theirs", () => {
    const { app } = program({ name: "lamb" });
    expect(textOf(app).split("\n\n")[1]).toMatch(/^name: lamb\n/);
  });

  it("must be there for a service: one outside of any is not left out silently", () => {
    const { app } = program();
    new Service(app, "web", { image: "x:1" });
    expect(findingOf(app, "no-compose-file")).toMatchObject({ construct: "web", severity: "error" });
  });
});

describe("an id", () => {
  it("stands only once in a scope, and is not empty", () => {
    const { file } = program();
    new Service(file, "web");
    expect(thrownBy(() => new Service(file, "web"))).toMatchObject({
      code: "duplicate-id",
      construct: "next",
      value: '"web"',
    });
    expect(thrownBy(() => new Service(file, ""))).toMatchObject({ code: "empty-id", construct: "next" });
    // @ts-expect-error: what a variable holds that was never set
    expect(thrownBy(() => new Service(undefined, "web"))).toMatchObject({ code: "no-scope", value: "undefined" });
    // @ts-expect-error: a construct without its name
    expect(thrownBy(() => new Service(file))).toMatchObject({ code: "no-id", construct: "next" });
  });

  it.each(["__proto__", "constructor", "10", "toString", "a/b", "a b", "ü"])("%s is a finding, not a crash", (id) => {
    const { app, file } = program();
    const web = new Service(file, id, { image: "x:1" });
    expect(web.name).toBe(id);
    expect(findingOf(app, "invalid-name")).toMatchObject({ value: JSON.stringify(id), construct: web.node.path });
    expect(thrownBy(() => new Service(file, id))).toMatchObject({ code: "duplicate-id" });
  });
});

describe("a file from YAML", () => {
  const TEXT = `
version: "3.8"
name: shop
x-common: &common
  restart: unless-stopped
  environment: &env
    LOG: info
services:
  web:
    <<: *common
    image: web:1
    ports: ["80:80"]
    environment:
      <<: *env
      MODE: "on"
  db:
    image: db:1
    volumes: [data:/data]
volumes:
  data:
networks:
  back: {internal: true}
secrets:
  key: {file: ./key}
configs:
  settings: {content: "a: b\\n"}
`;

  it("fills an overlay, whose file holds only what the text says", () => {
    const app = new App();
    const base = new ComposeFile(app, "shop").importYaml(TEXT);
    const prod = new Overlay(base, "prod", { "x-more": 1 }).importYaml("services: {web: {image: 'web:2'}}\n");
    expect(dataOf(app, prod.fileName)).toEqual({ services: { web: { image: "web:2" } }, "x-more": 1 });
  });

  it("is constructs: each entry of a section one, anchors and merge keys carried out", () => {
    const app = new App();
    const file = new ComposeFile(app, "shop").importYaml(TEXT);
    expect(file.services.map(({ name }) => name)).toEqual(["web", "db"]);
    expect(dataOf(app)).toEqual({
      name: "shop",
      services: {
        web: {
          environment: { LOG: "info", MODE: "on" },
          image: "web:1",
          ports: ["80:80"],
          restart: "unless-stopped",
        },
        db: { image: "db:1", volumes: ["data:/data"] },
      },
      networks: { back: { internal: true } },
      volumes: { data: null },
      configs: { settings: { content: "a: b\n" } },
      secrets: { key: { file: "./key" } },
      "x-common": { environment: { LOG: "info" }, restart: "unless-stopped" },
    });
    expect(textOf(app)).not.toMatch(/[&*]|<<|version/);
    expect(codesOf(app)).toEqual([]);
  });

  it("can be changed, added to and laid over like any other", () => {
    const app = new App();
    const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", description: "A shop" }).importYaml(TEXT);
    const [web, db] = file.services;
    if (!web || !db) return expect.fail();
    web.setEnvironment("MORE", "1").dependsOn(db, "service_started").patch({ ports: null });
    new Service(file, "extra", { image: "e:1", volumes: [new Volume(file, "more").at("/m")] });
    const overlay = new Overlay(file, "prod");
    overlay.change(db, { restart: "always" });
    expect(serviceIn(app, "web")).toEqual({
      depends_on: { db: { condition: "service_started" } },
      environment: { LOG: "info", MODE: "on", MORE: "1" },
      image: "web:1",
      restart: "unless-stopped",
    });
    expect(dataOf(app).volumes).toEqual({ data: null, more: null });
    expect(dataOf(app, "compose.prod.yaml")).toEqual({ services: { db: { restart: "always" } } });
    expect(codesOf(app)).toEqual([]);
  });

  it("may be given another name for the project", () => {
    const app = new App();
    new ComposeFile(app, "shop", { name: "other", "x-more": 1 }).importYaml(TEXT);
    expect(dataOf(app)).toMatchObject({ name: "other", "x-more": 1, "x-common": {} });
  });

  it.each([
    ["a list that does not end", "services:\n  a: [\n", 3, 1],
    ["a tab", "services:\n\ta: 1\n", 2, 1],
    ["an alias of nothing", "services:\n  a: *x\n", 2, 6],
    ["a key twice", "services:\n  a: {image: x}\n  a: {image: y}\n", 3, 3],
  ])("is refused for %s, with line and column", (_, text, line, column) => {
    const error = thrownBy(() => new ComposeFile(new App(), "bad").importYaml(text));
    expect(error).toMatchObject({ code: "invalid-yaml", construct: "bad" });
    expect(String(error)).toContain(`(line ${line}, column ${column})`);
  });

  it.each([
    ["a list", "- a\n"],
    ["a text", "hello"],
    ["a second document that is a list", "a: 1\n---\n- b\n"],
  ])("is refused for %s", (_, text) => {
    expect(thrownBy(() => new ComposeFile(new App(), "bad").importYaml(text))).toMatchObject({ code: "invalid-yaml" });
  });

  it("that holds nothing is a file without services", () => {
    const app = new App();
    expect(new ComposeFile(app, "a").importYaml("# nothing\n").services).toEqual([]);
  });

  it.each([
    ["an entry that is a text", "services: {web: x}", "services.web"],
    ["an entry that is nothing", "services: {web: }", "services.web"],
    ["a volume that is a number", "volumes: {data: 5}", "volumes.data"],
    ["a network that is a list", "networks: {n: [1]}", "networks.n"],
    ["a section that is a list", "services: [web]", "services"],
    ["a section that is nothing", "services:", "services"],
    ["a key that it does not know", "toString: {a: {b: 1}}", "toString"],
    ["a key with the name of a property of ours", "fileName: ../x", "fileName"],
    ["another such", "description: d", "description"],
  ])("with %s loses nothing: it is a finding at its place", (_, text, path) => {
    const app = new App();
    const file = new ComposeFile(app, "a").importYaml(`x-other: 1\n${text}\n`);
    expect(file.fileName).toBe("docker-compose.a.yaml");
    expect(app.synth().findings).toContainEqual(expect.objectContaining({ code: "schema", path, construct: "a" }));
  });

  it("keeps a bad entry beside what the program adds to the section", () => {
    const app = new App();
    const file = new ComposeFile(app, "a").importYaml("services: {bad: x, good: {image: x}}");
    new Service(file, "more", { image: "x:1" });
    expect(dataOf(app).services).toEqual({ bad: "x", good: { image: "x" }, more: { image: "x:1" } });
    expect(codesOf(app)).toContain("schema");
  });

  it.each([
    ["a key of a service", "services: {a: {image: x, ports: !reset []}}", "services.a.ports"],
    ["a whole service", "services: {a: !reset null, b: {image: x}}", "services.a"],
    ["a section", "services: !override {a: {image: x}}", "services"],
    ["an entry of a mapping", "services: {a: {image: x, labels: {l: !reset null}}}", "services.a.labels.l"],
    ["an extension", "x-a: !override {b: 1}", "x-a"],
  ])("with !reset or !override on %s says that it is over nothing", (_, text, path) => {
    const app = new App();
    new ComposeFile(app, "a").importYaml(text);
    expect(findingOf(app, "tag-outside-overlay")).toMatchObject({ path, severity: "error" });
  });
});
