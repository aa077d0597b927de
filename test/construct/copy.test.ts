import fc from "fast-check";
import { ConstructError, EnvVar, Service } from "lamb-compose";
import { Annotated } from "lamb-compose/construct";
import { describe, expect, it } from "vitest";
import { copyIn } from "../../lib/construct/copy";
import { SEED } from "../support/property";
import { deepFreeze, program, thrownBy } from "./support";

describe("a copy of what a program hands in", () => {
  it("is equal to it, keys like __proto__ included, and needs no second copy", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const copy = copyIn(value, "c");
        expect(JSON.stringify(copy)).toBe(JSON.stringify(value));
        expect(copyIn(copy, "c")).toEqual(copy);
      }),
      SEED,
    );
  });

  it("has nothing in common with it that could change", () => {
    const objects = (value: unknown): object[] =>
      typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(objects)] : [];
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const originals = new Set(objects(deepFreeze(value)));
        expect(objects(copyIn(value, "c")).filter((object) => originals.has(object))).toEqual([]);
      }),
      SEED,
    );
  });

  it("keeps bindings as they are, and copies what stands in tags", () => {
    const variable = new EnvVar("A", { meaning: "a" });
    const list = ["a"];
    const copy = copyIn({ variable, tagged: new Annotated(list, { tag: "!override" }) }, "c");
    list.push("b");
    expect(copy).toEqual({ variable, tagged: new Annotated(["a"], { tag: "!override" }) });
    expect(Reflect.get(Object(copy), "variable")).toBe(variable);
  });

  it("leaves keys out that are undefined", () => {
    expect(Object.keys(Object(copyIn({ a: undefined, b: null }, "c")))).toEqual(["b"]);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const deep: unknown = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);
  it.each<[name: string, value: unknown, said: string]>([
    ["a function", () => 1, "(got function)"],
    ["a date", new Date(0), "(got Date)"],
    ["a map", new Map(), "(got Map)"],
    ["a bigint", 1n, "(got bigint)"],
    ["a symbol", Symbol("a"), "(got symbol)"],
    ["undefined in a list", [undefined], "(got undefined)"],
    ["NaN", Number.NaN, "(got NaN)"],
    ["infinity", Number.POSITIVE_INFINITY, "(got Infinity)"],
    ["what contains itself", cycle, "contains itself"],
    ["100,000 lists in each other", deep, "nested deeper"],
  ])("refuses %s, with its place", (_, value, said) => {
    const { file } = program();
    const web = new Service(file, "web");
    const error = thrownBy(() => Reflect.apply(web.set, web, [{ environment: { A: value } }]));
    expect(error).toBeInstanceOf(ConstructError);
    expect(error).toMatchObject({ code: "invalid-value", construct: "next/web" });
    expect(String(error)).toContain("services.web.environment.A");
    expect(String(error)).toContain(said);
  });
});
