import { ConstructError, Overlay, Relation, Service } from "lamb-compose";
import { expect, it } from "vitest";
import { codesOf, dataOf, program, serviceIn, thrownBy } from "./support";

const OVERLAY = "docker-compose.next.more.yaml";

it("a relation in a file joins two of its services, and keeps the one that named no networks out of the default one", () => {
  const { app, file } = program();
  const web = new Service(file, "web", { image: "x:1" });
  const db = new Service(file, "db", { image: "x:1" });
  new Relation(file, "web-db", web, db);
  expect(Object.keys(dataOf(app).networks)).toEqual(["web-db"]);
  for (const name of ["web", "db"]) expect(serviceIn(app, name).networks).toEqual({ "web-db": null });
  expect(codesOf(app)).toEqual([]);
});

it("a relation in an overlay changes what the overlay says of a service, and leaves the file below as it is", () => {
  const { app, file } = program();
  const web = new Service(file, "web", { image: "x:1" });
  const before = dataOf(app);
  const more = new Overlay(file, "more");
  const metrics = new Service(more, "metrics", { image: "x:1" });
  new Relation(more, "web-metrics", web, metrics);
  expect(dataOf(app)).toEqual(before);
  expect(Object.keys(dataOf(app, OVERLAY).networks)).toEqual(["web-metrics"]);
  expect(serviceIn(app, "web", OVERLAY)).toEqual({ networks: { default: null, "web-metrics": null } });
  expect(serviceIn(app, "metrics", OVERLAY).networks).toEqual({ "web-metrics": null });
});

it("a relation with a service of a file that is not below is refused", () => {
  const { file } = program();
  const more = new Overlay(file, "more");
  const metrics = new Service(more, "metrics", { image: "x:1" });
  const web = new Service(file, "web", { image: "x:1" });
  const error = thrownBy(() => new Relation(file, "web-metrics", web, metrics));
  expect(error).toBeInstanceOf(ConstructError);
  expect(error).toMatchObject({ code: "not-below" });
});
