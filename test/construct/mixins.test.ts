import { Construct, type IConstruct, type IMixin } from "constructs";
import { App, ComposeFile, Logging, Overlay, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, dataOf, program, serviceIn } from "./support";

/** As somebody else would write it. */
class ReadOnly implements IMixin {
  supports(construct: IConstruct): boolean {
    return Service.isService(construct);
  }

  applyTo(construct: IConstruct): void {
    if (Service.isService(construct)) construct.set({ read_only: true }).add("volumes", "/tmp");
  }
}

describe("a mixin", () => {
  it("reaches every service below a construct, however deep, and nothing else", () => {
    const { app, file } = program();
    const group = new Construct(new Construct(file, "group"), "inner");
    new Service(file, "outer", { image: "x:1" });
    new Service(group, "inner", { image: "x:1", volumes: ["/data"] });
    const other = new ComposeFile(app, "other");
    new Service(other, "far", { image: "x:1" });
    file.with(new ReadOnly());
    expect(dataOf(app).services).toEqual({
      outer: { image: "x:1", read_only: true, volumes: ["/tmp"] },
      inner: { image: "x:1", read_only: true, volumes: ["/data", "/tmp"] },
    });
    expect(serviceIn(app, "far", other.fileName)).toEqual({ image: "x:1" });
    app.with(new ReadOnly());
    expect(serviceIn(app, "far", other.fileName)).toEqual({ image: "x:1", read_only: true, volumes: ["/tmp"] });
  });

  it("returns the construct", () => {
    const { file } = program();
    expect(file.with(new ReadOnly())).toBe(file);
  });
});

describe("Logging", () => {
  const bounded = (size: string, files: string) => ({
    driver: "json-file",
    options: { "max-size": size, "max-file": files },
  });

  it("bounds the logs of services that say nothing of theirs", () => {
    const app = new App();
    const file = new ComposeFile(app, "next");
    new Service(file, "web", { image: "x:1" });
    new Service(file, "own", { image: "x:1", logging: { driver: "none" } });
    file.with(new Logging());
    expect(serviceIn(app, "web").logging).toEqual(bounded("10m", "5"));
    expect(serviceIn(app, "own").logging).toEqual({ driver: "none" });
    expect(codesOf(app)).toEqual([]);
  });

  it("takes other bounds, and leaves what an overlay only changes alone", () => {
    const { app, file } = program();
    const web = new Service(file, "web", { image: "x:1" });
    const prod = new Overlay(file, "prod");
    prod.change(web, { init: true });
    new Service(prod, "proxy", { image: "x:1" });
    prod.with(new Logging({ maxSize: "1m", maxFiles: 2 }));
    expect(dataOf(app, prod.fileName).services).toEqual({
      web: { init: true },
      proxy: { image: "x:1", logging: bounded("1m", "2") },
    });
  });
});
