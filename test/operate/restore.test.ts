import { describe, expect, it } from "vitest";
import { assertNotNewer, breaksBetween } from "../../lib/operate/restore/fits";

const release = (version: string, ...earlier: readonly string[]) => ({
  shop: { version, earlier: [...earlier], stops: {}, oneWay: {} },
});

describe("a snapshot beside what runs", () => {
  it.each([
    ["of the same release", release("2", "1"), release("2", "1")],
    ["of an older one", release("2", "1"), release("1")],
    ["of a product that what runs does not name", {}, release("2", "1")],
    ["that names no product", release("2", "1"), {}],
  ])("can be restored when it is %s", (_, runs, releases) => {
    expect(() => assertNotNewer(runs, { releases })).not.toThrow();
  });

  it("is refused when it is of a newer one, with the way to it", () => {
    expect(() => assertNotNewer(release("1"), { releases: release("3", "1", "2") })).toThrow(
      /^newer-snapshot at shop 3: is newer than 1, which is running\n {2}fix: run `lamb-compose upgrade 3` first/,
    );
  });

  it("names what does not fit together when some volumes alone come back, in both directions", () => {
    const store = (refersTo: Readonly<Record<string, string>>) => ({
      databases: [],
      writtenOnce: [],
      whole: {},
      refersTo,
    });
    const stores = { a: store({ b: "rows", c: "files" }), b: store({ a: "owners" }), c: store({}) };
    const end = ": what is of one time only is not found";
    expect(breaksBetween(stores, ["a"], ["b"])).toEqual([`a names rows in b${end}`, `b names owners in a${end}`]);
    expect(breaksBetween(stores, ["c"], ["a", "b"])).toEqual([`a names files in c${end}`]);
    expect(breaksBetween(stores, ["a", "b", "c"], [])).toEqual([]);
  });
});
