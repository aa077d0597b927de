import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  ComposeFile,
  Network,
  Overlay,
  type OverlayProps,
  override,
  type RestartPolicy,
  reset,
  Service,
  type ServiceProps,
  Volume,
} from "lamb-compose";
import { afterAll, describe, expect, it } from "vitest";
import { describeWith, dockerCompose } from "../support/tools";
import { codesOf, dataOf, findingOf, program, serviceIn, textOf, thrownBy } from "./support";

function base(): { app: App; file: ComposeFile; web: Service; data: Volume } {
  const { app, file } = program({ name: "p" });
  const data = new Volume(file, "data");
  const web = new Service(file, "web", {
    image: "x:1",
    environment: { A: "1", B: "2" },
    ports: ["127.0.0.1:80:80"],
    volumes: [data.at("/data")],
  });
  return { app, file, web, data };
}

describe("an overlay", () => {
  it("is named after the last file that it is over, and itself", () => {
    const { app, file } = base();
    const prod = new Overlay(file, "prod");
    expect(prod.fileName).toBe("docker-compose.next.prod.yaml");
    expect(new Overlay(app, "more", { over: [file, prod] }).fileName).toBe("docker-compose.next.prod.more.yaml");
    const plain = new ComposeFile(app, "plain", { fileName: "stack" });
    expect(new Overlay(plain, "b").fileName).toBe("stack.b.yaml");
    expect(new Overlay(plain, "c", { fileName: "own.yml" }).fileName).toBe("own.yml");
  });

  it("is merged over each file once, in linear time, however many ways lead there", () => {
    const app = new App();
    let layer: ComposeFile[] = [new ComposeFile(app, "base", { name: "demo" })];
    const all = [...layer];
    for (let depth = 0; depth < 25; depth++) {
      layer = ["a", "b"].map(
        (name) => new Overlay(app, `${name}${depth}`, { over: layer, fileName: `${name}${depth}` }),
      );
      all.push(...layer);
    }
    const last = layer[1] ?? expect.fail();
    const before = performance.now();
    expect(last.chain()).toEqual(all.filter((file) => file !== layer[0]));
    expect(codesOf(app)).toEqual([]);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it("holds only what it changes, and nothing that files below declare", () => {
    const { app, file, web, data } = base();
    const prod = new Overlay(file, "prod");
    prod.change(web, { environment: { B: "3" }, volumes: [data.at("/more")] });
    new Service(prod, "proxy", { image: "c:1", volumes: [new Volume(prod, "certs").at("/certs")] }).dependsOn(
      web,
      "service_started",
    );
    expect(dataOf(app, prod.fileName)).toEqual({
      services: {
        web: { environment: { B: "3" }, volumes: ["data:/more"] },
        proxy: { depends_on: { web: { condition: "service_started" } }, image: "c:1", volumes: ["certs:/certs"] },
      },
      volumes: { certs: null },
    });
    expect(codesOf(app)).toEqual([]);
    expect(serviceIn(app, "web").environment).toEqual({ A: "1", B: "2" });
  });

  it("changes a service once: keys that are given again take the place of those before", () => {
    const { app, file, web } = base();
    const prod = new Overlay(file, "prod");
    const first = prod.change(web, { restart: "no", init: true });
    expect(prod.change(web, { restart: "always" })).toBe(first);
    expect(serviceIn(app, "web", prod.fileName)).toEqual({ init: true, restart: "always" });
  });

  it("renders reset and replace as Compose's tags", () => {
    const { app, file, web } = base();
    const prod = new Overlay(file, "prod");
    prod.change(web, { ports: reset(), environment: { A: reset() }, volumes: override(["data:/a"]) });
    new Volume(prod, "data");
    const text = textOf(app, prod.fileName);
    expect(text).toContain("    ports: !reset null\n");
    expect(text).toContain("      A: !reset null\n");
    expect(text).toContain("    volumes: !override\n      - data:/a\n");
    expect(codesOf(app)).toEqual([]);
  });

  it("over nothing is an error", () => {
    const app = new App();
    const error = { code: "overlay-over-nothing", construct: "prod" };
    expect(thrownBy(() => new Overlay(app, "prod"))).toMatchObject(error);
    expect(thrownBy(() => new Overlay(app, "prod", { over: [] }))).toMatchObject(error);
  });

  it("takes only services of the files below it", () => {
    const { app, file } = base();
    const stranger = new Service(new ComposeFile(app, "far"), "web", { image: "x:1" });
    const prod = new Overlay(file, "prod");
    const own = new Service(prod, "own", { image: "x:1" });
    expect(thrownBy(() => prod.change(stranger))).toMatchObject({ code: "not-below", value: "far/web" });
    expect(thrownBy(() => prod.change(own))).toMatchObject({ code: "not-below" });
  });

  it("may add to what it resets or replaces: Compose would reset the addition, too", () => {
    const { app, file, web } = base();
    const prod = new Overlay(file, "prod");
    prod
      .change(web, { environment: reset(), ports: override(["80:80"]) })
      .setEnvironment("C", "3")
      .add("ports", "443:443");
    expect(textOf(app, prod.fileName)).toContain('    environment: !override\n      C: "3"\n');
    expect(textOf(app, prod.fileName)).toContain('    ports: !override\n      - "80:80"\n      - "443:443"\n');
  });

  it("joins networks beside those of the files below, and the default one only where those have it", () => {
    const { app, file } = base();
    const back = new Network(file, "back");
    const kept = new Service(file, "kept", { image: "x:1", networks: [back] });
    const open = new Service(file, "open", { image: "x:1" });
    const prod = new Overlay(file, "prod");
    const edge = new Network(prod, "edge");
    for (const service of [kept, open]) prod.change(service).connect(edge).addAlias("www");
    expect(serviceIn(app, "kept", prod.fileName).networks).toEqual({
      back: { aliases: ["www"] },
      edge: { aliases: ["www"] },
    });
    expect(serviceIn(app, "open", prod.fileName).networks).toEqual({
      default: { aliases: ["www"] },
      edge: { aliases: ["www"] },
    });
    expect(codesOf(app)).toEqual([]);
  });
});

class Restart extends Overlay {
  constructor(
    scope: ComposeFile,
    id: string,
    private readonly policy: RestartPolicy,
    props: OverlayProps = {},
  ) {
    super(scope, id, props);
  }

  protected override changesTo(service: Service): ServiceProps {
    return service.has("ports") ? { ports: reset() } : { restart: this.policy };
  }
}

describe("an overlay over several files", () => {
  it("changes the services of all of them, each once", () => {
    const { app, file, web } = base();
    const gpu = new Overlay(file, "gpu");
    const ollama = new Service(gpu, "ollama", { image: "o:1" });
    gpu.change(web, { init: true });
    const all = new Restart(file, "all", "always", { over: [file, gpu] });
    all.change(ollama, { tty: true });
    expect(all.chain()).toEqual([file, gpu, all]);
    expect(dataOf(app, all.fileName).services).toEqual({
      web: { ports: "null", restart: "always" },
      ollama: { restart: "always", tty: true },
    });
    expect(codesOf(app)).toEqual([]);
  });

  it("says of a key what change() says, not what it says of every service", () => {
    const { app, file, web } = base();
    const prod = new Restart(file, "prod", "always");
    prod.change(web, { ports: override(["1:1"]) });
    expect(serviceIn(app, "web", prod.fileName)).toEqual({ ports: ["1:1"] });
  });

  it("is checked in each combination: alone with its base, and all together", () => {
    const { app, file } = base();
    const one = new Overlay(file, "one");
    const two = new Overlay(file, "two");
    new Service(one, "a", { image: "x:1", ports: ["81:81"] });
    new Service(two, "b", { image: "x:1", ports: ["81:81"] });
    const finding = findingOf(app, "port-conflict");
    expect(finding.file).toBe(`${file.fileName} + ${one.fileName} + ${two.fileName}`);
    expect(finding).toMatchObject({ construct: "next/two/b", path: "services.b.ports[0]" });
  });
});

const directory = mkdtempSync(join(tmpdir(), "lamb-compose-overlay-"));
afterAll(() => rmSync(directory, { recursive: true }));

describeWith("docker-compose", "to Compose", () => {
  it("the merge is what the findings were looked for in", async () => {
    const { app, file, web } = base();
    const back = new Network(file, "back");
    const kept = new Service(file, "kept", { image: "x:1", networks: [back], labels: ["a=1"] });
    const prod = new Overlay(file, "prod");
    prod
      .change(web, { ports: reset(), environment: override({ ONLY: "this" }) })
      .connect(new Network(prod, "edge"))
      .patch({ restart: "always" });
    prod.change(kept, { labels: { b: "2" } }).addAlias("www");
    const synthesis = app.synth().assertValid();
    await synthesis.write(directory);
    const files = [...synthesis.files.keys()].flatMap((path) => ["-f", path]);
    const { stdout, stderr } = dockerCompose([...files, "config", "--format", "json"], { cwd: directory });
    expect(stderr).toBe("");
    const { services } = JSON.parse(stdout);
    expect(services.web).toMatchObject({
      environment: { ONLY: "this" },
      networks: { default: null, edge: null },
      restart: "always",
    });
    expect(services.web.ports).toBeUndefined();
    expect(services.kept).toMatchObject({ labels: { a: "1", b: "2" }, networks: { back: { aliases: ["www"] } } });
    expect(Object.keys(services.kept.networks)).toEqual(["back"]);
  });
});

describe("remove", () => {
  it("takes a service out of the deployment, and reports what depends on it", async () => {
    const { app, file, web } = base();
    const worker = new Service(file, "worker", { image: "x:1" }).dependsOn(web, "service_started");
    const overlay = new Overlay(file, "small").remove(web);
    expect(textOf(app, overlay.fileName)).toContain("web: !reset null");
    expect(findingOf(app, "dangling-reference")).toMatchObject({ construct: "next/worker", value: '"web"' });
    overlay.remove(worker);
    expect((await app.synth().resolve()).services).toEqual([]);
  });

  it("is not for services of other files", () => {
    const { file } = base();
    const overlay = new Overlay(file, "small");
    const own = new Service(overlay, "own", { image: "x:1" });
    expect(thrownBy(() => overlay.remove(own))).toMatchObject({ code: "not-below" });
  });
});
