import {
  because,
  ComposeFile,
  EnvVar,
  escapeDollar,
  Healthcheck,
  Image,
  Network,
  override,
  Port,
  Secret,
  Service,
  Volume,
} from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, dataOf, deepFreeze, program, serviceIn, textOf } from "./support";

describe("a file's order", () => {
  it("has services as the program has them, not by the alphabet", () => {
    const { app, file } = program();
    for (const name of ["web", "api", "db", "cache"]) new Service(file, name, { image: "x:1" });
    expect(Object.keys(dataOf(app).services)).toEqual(["web", "api", "db", "cache"]);
    expect(file.services.map(({ name }) => name)).toEqual(["web", "api", "db", "cache"]);
  });

  it("has a service's keys as people read them, the rest as the specification's chapters have it, unknown ones last", () => {
    const { app, file } = program({ "x-note": 1, name: "p" });
    new Service(file, "web", {
      "x-b": 1,
      volumes: [new Volume(file, "data").at("/data")],
      restart: "always",
      "x-a": 2,
      healthcheck: { start_period: "1s", retries: 1, interval: "2s", test: ["CMD", "true"] },
      environment: { Z: "1", A: "2" },
      image: "x:1",
    });
    const data = dataOf(app);
    expect(Object.keys(data)).toEqual(["name", "services", "volumes", "x-note"]);
    expect(Object.keys(data.services.web)).toEqual([
      "image",
      "environment",
      "volumes",
      "healthcheck",
      "restart",
      "x-b",
      "x-a",
    ]);
    expect(Object.keys(data.services.web.healthcheck)).toEqual(["test", "interval", "retries", "start_period"]);
    expect(Object.keys(data.services.web.environment)).toEqual(["Z", "A"]);
  });

  it("is the same for keys that a patch adds", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", restart: "always", healthcheck: { retries: 1 } }).patch({
      container_name: "web",
      healthcheck: { test: ["CMD", "true"] },
    });
    expect(Object.keys(serviceIn(app, "web"))).toEqual(["image", "healthcheck", "container_name", "restart"]);
    expect(Object.keys(serviceIn(app, "web").healthcheck)).toEqual(["test", "retries"]);
  });
});

describe("a service's values", () => {
  it("keep null, which means something", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", environment: { A: null, B: "" }, entrypoint: null, "x-n": [null] });
    const web = serviceIn(app, "web");
    expect(web).toEqual({ image: "x:1", environment: { A: null, B: "" }, entrypoint: null, "x-n": [null] });
  });

  it("leave out what is undefined", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", restart: undefined, environment: { A: undefined, B: "1" } });
    expect(serviceIn(app, "web")).toEqual({ image: "x:1", environment: { B: "1" } });
  });

  it("are copied in: what the program does with its objects later changes nothing", () => {
    const { app, file } = program();
    const network = new Network(file, "back");
    const environment: Record<string, string> = { A: "1" };
    const labels = { list: ["a"] };
    const added = { target: 80, published: "8080" };
    const value = { environment };
    const patch = { "x-p": { a: 1 } };
    const connection = { aliases: ["one"] };
    const top = { "x-top": { a: [1] } };
    const other = new ComposeFile(app, "other", top);
    new Service(file, "web", { image: "x:1", ...value, "x-labels": labels })
      .add("ports", added)
      .patch(patch)
      .connect(network, connection);
    const before = [...app.synth().files];
    environment.A = "changed";
    environment.B = "new";
    labels.list.push("b");
    added.published = "1";
    patch["x-p"].a = 2;
    connection.aliases.push("two");
    top["x-top"].a.push(2);
    expect([...app.synth().files]).toEqual(before);
    expect(dataOf(app, other.fileName)["x-top"]).toEqual({ a: [1] });
  });

  it("may be frozen objects", () => {
    const { app, file } = program();
    const props = deepFreeze({ image: "x:1", environment: { A: "1" }, ports: ["80:80"] });
    new Service(file, "web", props)
      .setEnvironment("B", "2")
      .add("ports", "81:81")
      .patch(deepFreeze({ init: true }));
    expect(serviceIn(app, "web")).toEqual({
      image: "x:1",
      environment: { A: "1", B: "2" },
      init: true,
      ports: ["80:80", "81:81"],
    });
  });

  it("may be extension fields anywhere", () => {
    const { app, file } = program({ "x-file": { a: [1, { b: null }] } });
    new Service(file, "web", {
      image: "x:1",
      "x-service": true,
      build: { context: ".", "x-build": 1 },
      healthcheck: { test: ["CMD", "true"], "x-health": "s" },
    });
    new Volume(file, "data", { "x-volume": [] });
    expect(codesOf(app)).toEqual([]);
    const data = dataOf(app);
    expect(data["x-file"]).toEqual({ a: [1, { b: null }] });
    expect(data.volumes.data).toEqual({ "x-volume": [] });
    expect(data.services.web).toMatchObject({
      "x-service": true,
      build: { "x-build": 1 },
      healthcheck: { "x-health": "s" },
    });
  });

  it("are set again by set(), each key whole", () => {
    const { app, file } = program();
    const web = new Service(file, "web", { image: "x:1", environment: { A: "1" } });
    web.set({ environment: { B: "2" }, image: undefined });
    expect(serviceIn(app, "web")).toEqual({ image: "x:1", environment: { B: "2" } });
    expect([web.has("environment"), web.has("ports")]).toEqual([true, false]);
  });

  it("may be an Image, which the service then has", () => {
    const { file } = program();
    const image = new Image("ghcr.io/lamb-project/lamb", { tag: "0.6" });
    expect(new Service(file, "web", { image }).image).toBe(image);
    expect(new Service(file, "api", { image: "x:1" }).image).toBeUndefined();
  });

  it("may be another service, which stands for its name", () => {
    const { app, file } = program();
    const db = new Service(file, "db", { image: "x:1" });
    new Service(file, "web", { image: "x:1", depends_on: [db], environment: { DB: db } });
    expect(serviceIn(app, "web")).toMatchObject({ depends_on: ["db"], environment: { DB: "db" } });
  });
});

describe("add", () => {
  it("appends to the list, in whatever way it was begun", () => {
    const { app, file } = program();
    new Service(file, "none", { image: "x:1" }).add("ports", "1:1").add("ports", "2:2", Port.loopback(3));
    new Service(file, "some", { image: "x:1", ports: because("why", ["1:1"]) }).add("ports", "2:2");
    expect(serviceIn(app, "none").ports).toEqual(["1:1", "2:2", "127.0.0.1:3:3"]);
    expect(serviceIn(app, "some").ports).toEqual(["1:1", "2:2"]);
    expect(textOf(app)).toContain("    # why\n    ports:\n");
  });
});

describe("setEnvironment", () => {
  it.each([
    ["nothing", undefined, { B: "2" }],
    ["a mapping", { A: "1" }, { A: "1", B: "2" }],
    ["a mapping that has it", { B: "1", A: "1" }, { B: "2", A: "1" }],
    ["a list", ["A=1=1", "C", "D="], { A: "1=1", C: null, D: "", B: "2" }],
    ["a list that has it", ["B=1", "A=1"], { B: "2", A: "1" }],
    ["a list with a reason", [because("why", "A=1")], { A: "1", B: "2" }],
  ])("adds to %s", (_, environment, expected) => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", environment }).setEnvironment("B", "2");
    expect(serviceIn(app, "web").environment).toEqual(expected);
  });

  it("keeps the reason of a list's item", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", environment: [because("why", "A=1")] }).setEnvironment("B", "2");
    expect(textOf(app)).toContain("      # why\n      A: ");
  });

  it("takes a variable of the deployment, and null", () => {
    const { app, file } = program();
    const token = new EnvVar("TOKEN", { meaning: "the token", required: true, secret: true });
    new Service(file, "web", { image: "x:1" }).setEnvironment("API", token).setEnvironment("HOME", null);
    expect(serviceIn(app, "web").environment).toEqual({ API: "${TOKEN:?set it in .env: the token}", HOME: null });
  });

  it("can set a variable with the name of something that every object has", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1" }).setEnvironment("__proto__", "1").setEnvironment("constructor", "2");
    expect(Object.entries(serviceIn(app, "web").environment)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
  });
});

describe("dependsOn", () => {
  it("waits for health unless told otherwise, with the specification's options", () => {
    const { app, file } = program();
    const healthcheck = Healthcheck.shell("true");
    const [a, b, c] = ["a", "b", "c"].map((name) => new Service(file, name, { image: "x:1", healthcheck }));
    if (!a || !b || !c) return expect.fail();
    new Service(file, "web", { image: "x:1" })
      .dependsOn(a)
      .dependsOn(b, "service_completed_successfully")
      .dependsOn(c, "service_started", { restart: true, required: false });
    expect(serviceIn(app, "web").depends_on).toEqual({
      a: { condition: "service_healthy" },
      b: { condition: "service_completed_successfully" },
      c: { condition: "service_started", restart: true, required: false },
    });
    expect(codesOf(app)).toEqual([]);
  });

  it("adds to a list, whose services need only be started", () => {
    const { app, file } = program();
    const db = new Service(file, "db", { image: "x:1" });
    const cache = new Service(file, "cache", { image: "x:1" });
    new Service(file, "web", { image: "x:1", depends_on: ["db", cache] }).dependsOn(
      cache,
      "service_completed_successfully",
    );
    expect(serviceIn(app, "web").depends_on).toEqual({
      [db.name]: { condition: "service_started" },
      cache: { condition: "service_completed_successfully" },
    });
  });
});

describe("connect", () => {
  it("keeps a service that names no networks in the default one", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1" }).connect(new Network(file, "back"));
    expect(serviceIn(app, "web").networks).toEqual({ default: null, back: null });
    expect(dataOf(app).networks).toEqual({ back: null });
  });

  it.each([
    ["a list of names", ["front"], { front: null, back: { ipv4_address: "10.0.0.2" } }],
    ["a mapping", { front: { priority: 1 } }, { front: { priority: 1 }, back: { ipv4_address: "10.0.0.2" } }],
  ])("adds to %s, and to nothing else", (_, networks, expected) => {
    const { app, file } = program();
    new Network(file, "front");
    const back = new Network(file, "back");
    new Service(file, "web", { image: "x:1", networks }).connect(back, { ipv4_address: "10.0.0.2" });
    expect(serviceIn(app, "web").networks).toEqual(expected);
  });

  it("registers the networks of a list that it joins with others", () => {
    const { app, file } = program();
    const far = new ComposeFile(app, "far");
    const [front, back] = [new Network(far, "front"), new Network(far, "back", { internal: true })];
    new Service(file, "web", { image: "x:1", networks: [because("why", front)] }).connect(back);
    expect(dataOf(app).networks).toEqual({ front: null, back: { internal: true } });
    expect(codesOf(app)).toEqual([]);
  });
});

describe("addAlias", () => {
  it("gives the name on each network, beside the aliases that are there, with its reason", () => {
    const { app, file } = program();
    const back = new Network(file, "back");
    new Service(file, "web", { image: "x:1", networks: { default: { aliases: ["a"] }, back: null } })
      .connect(back)
      .addAlias("old", "for one release");
    new Service(file, "api", { image: "x:1" }).addAlias("b");
    expect(serviceIn(app, "web").networks).toEqual({ default: { aliases: ["a", "old"] }, back: { aliases: ["old"] } });
    expect(serviceIn(app, "api").networks).toEqual({ default: { aliases: ["b"] } });
    expect(textOf(app)).toContain("          # for one release\n          - old\n");
    expect(codesOf(app)).toEqual([]);
  });
});

describe("patch", () => {
  it("comes after everything else, whenever it was called", () => {
    const { app, file } = program();
    const web = new Service(file, "web", { image: "x:1", environment: { A: "1" }, labels: { a: "1" } });
    web.patch({ environment: { A: "patched", B: null }, labels: null, restart: "no" });
    web.set({ restart: "always" }).setEnvironment("A", "2").setEnvironment("B", "3").setEnvironment("C", "4");
    expect(serviceIn(app, "web")).toEqual({ image: "x:1", environment: { A: "patched", C: "4" }, restart: "no" });
    expect(codesOf(app)).toEqual([]);
  });

  it("is applied in the order of the calls, with bindings in it", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1" })
      .patch({ volumes: [new Volume(file, "data").at("/data")], init: true })
      .patch({ init: false });
    expect(serviceIn(app, "web")).toEqual({ image: "x:1", init: false, volumes: ["data:/data"] });
    expect(dataOf(app).volumes).toEqual({ data: null });
  });

  it("is validated: the finding names the place", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1" }).patch({ restrat: "always" });
    const [finding] = app.synth().findings;
    expect(finding).toMatchObject({ code: "schema", construct: "next/web", path: "services.web.restrat" });
    expect(finding?.fix).toContain("restart");
  });

  it("gives what it is applied to where something was to be reset or replaced", () => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1", labels: override({ a: "1" }) }).patch({ labels: { b: "2" } });
    expect(textOf(app)).toContain('labels: !override\n      a: "1"\n      b: "2"\n');
  });
});

describe("files of a service", () => {
  it("are mounted by configs and secrets at a path, and declared", () => {
    const { app, file } = program();
    const key = new Secret(file, "key", { file: "./key" });
    new Service(file, "web", { image: "x:1", secrets: [key, key.at("/run/k", { uid: "1", mode: 0o400 })] });
    expect(serviceIn(app, "web").secrets).toEqual(["key", { source: "key", target: "/run/k", uid: "1", mode: 0o400 }]);
    expect(dataOf(app).secrets).toEqual({ key: { file: "./key" } });
  });
});

describe("literal", () => {
  it("lets every $ reach the container, and variables of the library stay variables", () => {
    const { app, file } = program();
    const port = new EnvVar("PORT", { meaning: "a port", default: 80 });
    new Service(file, "web", { image: "x:1", command: escapeDollar(`echo $HOME $$ \${A} ${port}`) });
    expect(serviceIn(app, "web").command).toBe("echo $$HOME $$$$ $${A} ${PORT:-80}");
    expect(codesOf(app)).toEqual([]);
  });
});
