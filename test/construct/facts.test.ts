import { expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { DataVolume } from "../../lib/construct/data-volume";
import { EnvVar } from "../../lib/construct/env-var";
import { factsOf } from "../../lib/construct/facts";
import { OutsideCheck } from "../../lib/construct/outside-check";
import { Overlay } from "../../lib/construct/overlay";
import { Service } from "../../lib/construct/service";
import { isLinear } from "../support/scale";

const HOST = new EnvVar("SHOP_HOST", { meaning: "host name of the shop", default: "localhost" });

function shop() {
  const app = new App();
  const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
  const data = new DataVolume(file, "data", { databases: ["shop.db"], schema: "7" });
  const other = new DataVolume(file, "other");
  new Service(file, "web", { image: "registry.example/web:1", volumes: [data.at("/data"), other.at("/other")] });
  new OutsideCheck(file, "page", { what: "the page answers", url: `http://${HOST}/`, right: [200] });
  return { app, file };
}

it("stand in the file, with its variables, and Compose merges them", async () => {
  const { app, file } = shop();
  const overlay = new Overlay(file, "tls");
  new OutsideCheck(overlay, "page", { what: "the page answers", url: `https://${HOST}/`, right: [200] });
  const synthesis = app.synth();
  const files = ["compose.yaml", "compose.tls.yaml"];
  const { model } = await synthesis.resolve({ files, environment: { SHOP_HOST: "shop.example" } });
  expect(model["x-lamb-compose"]).toEqual({
    stores: { data: { databases: ["shop.db"], schema: "7" } },
    outside: { page: { what: "the page answers", url: "https://shop.example/", right: "200" } },
  });
});

it("are no part of what a service is made anew for", async () => {
  const { app, file } = shop();
  new OutsideCheck(file, "more", { what: "more", url: "http://localhost/more" });
  const [one, more] = [await shop().app.synth().resolve(), await app.synth().resolve()];
  expect(more.hashed("web")).toBe(one.hashed("web"));
  expect(one.hashedResource("volumes", "data")).toBe('{"name":"shop_data","driver":"local"}');
});

it("are not there where there is nothing to know", async () => {
  const app = new App();
  const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
  new Service(file, "web", { image: "registry.example/web:1", volumes: [new DataVolume(file, "data").at("/data")] });
  expect((await app.synth().resolve()).model["x-lamb-compose"]).toBeUndefined();
});

it("of many volumes that name each other's data take time in proportion", () => {
  const read = (names: string) => {
    const file = new ComposeFile(new App(), "shop");
    let before: string | undefined;
    for (const name of names.split(" ")) {
      new DataVolume(file, name, before === undefined ? { schema: "1" } : { refersTo: { [before]: "users" } });
      before = name;
    }
    return factsOf(file.node.findAll());
  };
  expect(read("a b c")).toEqual({
    stores: { a: { schema: "1" }, b: { refersTo: { a: "users" } }, c: { refersTo: { b: "users" } } },
  });
  const input = (size: number) => Array.from({ length: size }, (_, i) => `v${i}`).join(" ");
  expect(isLinear({ name: "stores", input, read, size: 2_000 })).toBe(true);
});

it("say no longer that a wait is for the layout alone, once an overlay waits for the service itself", async () => {
  const { app, file } = shop();
  const [web] = file.services;
  const overlay = new Overlay(file, "strict");
  const users = new Service(file, "users", {
    image: "registry.example/users:1",
    healthcheck: { test: ["CMD", "true"] },
  });
  web?.dependsOn(users, "service_healthy", { forLayout: true });
  if (web !== undefined) overlay.change(web).dependsOn(users);
  const waits = async (files: readonly string[]) => (await app.synth().resolve({ files })).model["x-lamb-compose"];
  expect(await waits(["compose.yaml"])).toMatchObject({ waits: { web: { users: "layout" } } });
  expect(await waits(["compose.yaml", "compose.strict.yaml"])).toMatchObject({ waits: { web: { users: "start" } } });
});
