import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Commented, isMap, Tagged, type YamlNode } from "../../../lib/compose/emit/emit";
import { applyPatch } from "../../../lib/construct/synth/patch";
import { SEED } from "../../support/property";

const patched = (document: YamlNode, patch: YamlNode) => applyPatch(document, patch).patched;
const misses = (document: YamlNode, patch: YamlNode) =>
  applyPatch(document, patch).misses.map(({ path, reason }) => `${path.join(".")} ${reason}`);

/** Documents without null: RFC 7396 cannot write one. */
const { document } = fc.letrec<{ document: YamlNode; map: { [key: string]: YamlNode } }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.boolean()),
    fc.array(tie("document"), { maxLength: 3 }),
    tie("map"),
  ),
  map: fc.dictionary(fc.constantFrom("a", "b", "c", "constructor", "__proto__"), tie("document"), { maxKeys: 4 }),
}));
const patch = fc.dictionary(
  fc.constantFrom("a", "b", "c", "__proto__"),
  fc.oneof(
    document,
    fc.constant(null),
    fc.dictionary(fc.constantFrom("a", "b"), fc.oneof(document, fc.constant(null))),
  ),
);

describe("a merge patch", () => {
  // RFC 7396, Appendix A.
  it.each<[original: YamlNode, patch: YamlNode, result: YamlNode]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("of RFC 7396's appendix: %j with %j is %j", (original, change, result) => {
    expect(patched(original, change)).toEqual(result);
  });

  it("without anything in it changes nothing and misses nothing", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b", "__proto__"), document), (original) => {
        const result = applyPatch(original, {});
        expect(Object.entries(result.patched ?? {})).toEqual(Object.entries(original));
        expect(result.misses).toEqual([]);
      }),
      SEED,
    );
  });

  it("does what it says when it is applied, and nothing when it is applied again", () => {
    fc.assert(
      fc.property(document, patch, (original, change) => {
        const once = patched(original, change);
        expect(patched(once, change)).toEqual(once);
        if (!isMap(once)) return;
        for (const [key, value] of Object.entries(change)) {
          expect(Object.hasOwn(once, key)).toBe(value !== null);
          if (!isMap(value) && value !== null) expect(once[key]).toEqual(value);
        }
        const untouched = isMap(original) ? Object.keys(original).filter((key) => !Object.hasOwn(change, key)) : [];
        for (const key of untouched) expect(once[key]).toEqual(isMap(original) ? original[key] : undefined);
      }),
      SEED,
    );
  });

  it("changes neither of its arguments", () => {
    fc.assert(
      fc.property(document, patch, (original, change) => {
        const before = [structuredClone(original), structuredClone(change)];
        patched(original, change);
        expect([original, change]).toEqual(before);
      }),
      SEED,
    );
  });
});

describe("a place where a patch hits nothing", () => {
  it("is a removal of what is not there, or a value that is there already", () => {
    const original = { a: "1", b: { c: [1] }, d: 1 };
    expect(misses(original, { x: null })).toEqual(["x is not there to be removed"]);
    expect(misses(original, { b: { x: null }, y: { z: null } })).toEqual([
      "b.x is not there to be removed",
      "y.z is not there to be removed",
    ]);
    expect(misses(original, { a: "1", b: { c: [1] } })).toEqual(["a is like this already", "b.c is like this already"]);
    expect(misses(original, { a: null, b: { c: [2] }, d: "1", new: {} })).toEqual([]);
  });
});

describe("a patch over what is tagged or has a comment", () => {
  it("keeps the comment and the tag", () => {
    expect(patched({ a: new Commented("why", { b: 1 }) }, { a: { c: 2 } })).toEqual({
      a: new Commented("why", { b: 1, c: 2 }),
    });
    expect(patched({ a: new Tagged("!override", { b: 1 }) }, { a: { c: 2 } })).toEqual({
      a: new Tagged("!override", { b: 1, c: 2 }),
    });
  });

  it("replaces what was to be reset, for Compose would reset the patch with it", () => {
    expect(patched({ a: new Tagged("!reset", null) }, { a: { c: 2 } })).toEqual({
      a: new Tagged("!override", { c: 2 }),
    });
    expect(patched({ a: new Tagged("!reset", null) }, { a: null })).toEqual({});
  });
});
