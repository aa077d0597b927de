import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROJECT_MODEL } from "../../../lib/operate/engine/model";
import { startOrder } from "../../../lib/operate/engine/start-order";

const model = (dependencies: Readonly<Record<string, readonly string[]>>) =>
  PROJECT_MODEL.parse({
    name: "shop",
    services: Object.fromEntries(
      Object.entries(dependencies).map(([name, needed]) => [
        name,
        { depends_on: Object.fromEntries(needed.map((other) => [other, { condition: "service_healthy" }])) },
      ]),
    ),
  });

describe("the order of starting", () => {
  it("is that of the files, but for what waits", () => {
    expect(startOrder(model({ caddy: ["lamb", "kb"], lamb: ["kb", "owi"], kb: [], owi: [] }))).toEqual([
      "kb",
      "owi",
      "lamb",
      "caddy",
    ]);
  });

  it("does not wait for a service whose profile is not enabled, nor for ever in a circle", () => {
    expect(startOrder(model({ lamb: ["ollama"] }))).toEqual(["lamb"]);
    expect(startOrder(model({ a: ["b"], b: ["a"] }))).toEqual(["b", "a"]);
  });

  it("has each service once, after those that it waits for", () => {
    const names = Array.from({ length: 12 }, (_, at) => `s${at}`);
    const graph = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 40 });
    fc.assert(
      fc.property(graph, (edges) => {
        const needs = Object.fromEntries(
          names.map((name, at) => [
            name,
            edges.filter(([from, to]) => from === at && to < at).map(([, to]) => `s${to}`),
          ]),
        );
        const order = startOrder(model(needs));
        expect([...order].sort()).toEqual([...names].sort());
        for (const [name, needed] of Object.entries(needs)) {
          for (const other of needed) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
        }
      }),
    );
  });

  it("is found for as many as there can be, one behind the other", () => {
    const count = 20_000;
    const chain = Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`s${at}`, at + 1 < count ? [`s${at + 1}`] : []]),
    );
    expect(startOrder(model(chain))[0]).toBe(`s${count - 1}`);
  });
});
