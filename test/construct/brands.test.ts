import * as here from "lamb-compose";
import { Annotated, ComposeConstruct, Resource } from "lamb-compose/construct";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { codesOf, dataOf, serviceIn, textOf } from "./support";

/** The package once more: other classes, as when a dependency brings its own copy. */
let there: typeof here;

beforeAll(async () => {
  vi.resetModules();
  there = await import("lamb-compose");
});

describe("two copies of the package in one program", () => {
  it("are two", () => {
    expect(there.Service).not.toBe(here.Service);
  });

  it("recognize each other's objects", () => {
    const app = new there.App();
    const file = new there.ComposeFile(app, "f");
    expect(here.App.isApp(app)).toBe(true);
    expect(here.ComposeFile.isComposeFile(file)).toBe(true);
    expect(here.Overlay.isOverlay(new there.Overlay(file, "o"))).toBe(true);
    expect(here.Service.isService(new there.Service(file, "s"))).toBe(true);
    expect(here.Volume.isVolume(new there.Volume(file, "v"))).toBe(true);
    expect(here.Network.isNetwork(new there.Network(file, "n"))).toBe(true);
    expect(Resource.isResource(new there.Config(file, "c", { content: "" }))).toBe(true);
    expect(here.Artifact.isArtifact(new there.Artifact(file, "a", { fileName: "a", content: "" }))).toBe(true);
    expect(here.EnvVar.isEnvVar(new there.EnvVar("A", { meaning: "a" }))).toBe(true);
    expect(here.Image.isImage(new there.Image("a", { tag: "1" }))).toBe(true);
    expect(Annotated.isAnnotated(there.reset())).toBe(true);
    expect(ComposeConstruct.isComposeConstruct(file)).toBe(true);
    expect(here.ComposeFile.of(new there.Service(file, "of"))).toBe(file);
  });

  it("recognize nothing else", () => {
    for (const value of [undefined, null, 1, "Service", {}, [], new here.App()]) {
      expect(here.Service.isService(value)).toBe(false);
      expect(here.EnvVar.isEnvVar(value)).toBe(false);
    }
  });

  const programs = (): [name: string, app: here.App, one: typeof here, other: typeof here][] => [
    ["an app of this copy", new here.App(), here, there],
    ["an app of the other", new there.App(), there, here],
  ];

  it.each([0, 1])("make one result together (app of copy %i)", (index) => {
    const [, app, one, other] = programs()[index] ?? expect.fail();
    const file = new one.ComposeFile(app, "next");
    const data = new other.Volume(file, "data");
    const back = new other.Network(file, "back");
    const port = new other.EnvVar("PORT", { meaning: "the port", default: 80 });
    const image = new other.Image("x", { tag: "1", hasHealthcheck: true });
    const web = new other.Service(file, "web", { image, ports: [one.Port.loopback(80, { published: port })] });
    new one.Service(file, "api", {
      image,
      networks: [back],
      environment: { PORT: port, URL: `http://${web.name}:${port}` },
      volumes: [data.at("/data", { reason: "why" })],
      healthcheck: other.Healthcheck.shell("true"),
    })
      .dependsOn(web)
      .connect(back);
    const overlay = new other.Overlay(file, "prod");
    overlay.change(web, { ports: one.reset(), labels: one.override({ a: "1" }) });
    new one.Service(overlay, "more", { image: "y:1" });
    file.with(new other.Logging());
    new other.Artifact(app, "vars", {
      fileName: "vars",
      content: (context) =>
        context
          .variables()
          .map(({ name }) => name)
          .join(),
    });

    expect(codesOf(app)).toEqual([]);
    expect([...app.synth().files.keys()]).toEqual(["docker-compose.next.yaml", overlay.fileName, "vars"]);
    expect(Object.keys(dataOf(app).services)).toEqual(["web", "api"]);
    expect(dataOf(app)).toMatchObject({ volumes: { data: null }, networks: { back: null } });
    expect(serviceIn(app, "api")).toMatchObject({
      environment: { PORT: "${PORT:-80}", URL: "http://web:${PORT:-80}" },
      depends_on: { web: { condition: "service_healthy" } },
      logging: { driver: "json-file" },
      networks: { back: null },
    });
    expect(textOf(app)).toContain("      # why\n      - data:/data\n");
    expect(textOf(app, overlay.fileName)).toContain("ports: !reset null");
    expect(textOf(app, overlay.fileName)).toContain("labels: !override");
    expect(app.synth().files.get("vars")).toBe("PORT");
  });

  it("see one variable as one when both define it alike", () => {
    const app = new here.App();
    const file = new here.ComposeFile(app, "next");
    const props = { meaning: "the port", default: 80 };
    new here.Service(file, "a", { image: "x:1", environment: { A: new here.EnvVar("PORT", props) } });
    new here.Service(file, "b", { image: "x:1", environment: { A: new there.EnvVar("PORT", props) } });
    expect(codesOf(app)).toEqual([]);
  });
});
