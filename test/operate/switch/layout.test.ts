import { expect, it } from "vitest";
import { PROJECT_MODEL } from "../../../lib/operate/engine/model";
import { isSameLayout, layoutFacts, waitsFor } from "../../../lib/operate/switch/layout";

const mount = (source: string) => ({ type: "volume", source, target: `/${source}` });
const model = PROJECT_MODEL.parse({
  name: "p",
  services: {
    chat: { volumes: [mount("chat-data"), mount("cache")] },
    job: { volumes: [mount("files")] },
    web: {
      depends_on: {
        chat: { condition: "service_healthy" },
        job: { condition: "service_completed_successfully" },
        mail: { condition: "service_healthy" },
      },
      volumes: [mount("web-data"), mount("chat-data"), mount("files")],
    },
    mail: {},
  },
  "x-lamb-compose": { waits: { web: { chat: "layout", mail: "layout" } } },
});

it.each([
  ["nothing was rehearsed", {}, ["chat", "job", "mail"]],
  ["nothing stayed", layoutFacts([]), ["chat", "job", "mail"]],
  ["others stayed", layoutFacts(["web-data", "cache", "files"]), ["chat", "job", "mail"]],
  ["the tables that both have stayed", layoutFacts(["chat-data"]), ["job", "mail"]],
])("what a service waits for, where %s", (_, facts, expected) => {
  expect(waitsFor(model, "web", facts)).toEqual(expected);
});

it("waits for a service of which an overlay needs more than its tables", () => {
  const strict = { ...model, "x-lamb-compose": { waits: { web: { chat: "start" } } } };
  expect(waitsFor(strict, "web", layoutFacts(["chat-data"]))).toEqual(["chat", "job", "mail"]);
});

it.each([
  ["the same", { "a.db": "1", "b.db": "2" }, { "b.db": "2", "a.db": "1" }, true],
  ["other tables", { "a.db": "1", "b.db": "2" }, { "a.db": "1", "b.db": "3" }, false],
  ["a new database", { "a.db": "1" }, { "a.db": "1", "b.db": "2" }, false],
  ["a lost database", { "a.db": "1", "b.db": "2" }, { "a.db": "1" }, false],
  ["one that cannot be read", { "a.db": null }, { "a.db": null }, false],
  ["no database that is known", {}, {}, false],
  ["no volume", undefined, undefined, false],
])("whether databases look as they did: %s", (_, before, after, expected) => {
  expect(isSameLayout(before, after)).toBe(expected);
});
