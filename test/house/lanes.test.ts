import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LOADS, lanesOf } from "../engine/lanes";

const FOLDER = "test/engine";
const END = ".engine.ts";
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(END))
  .map((name) => name.slice(0, -END.length));
const secondsOf = (lane: readonly string[]) => lane.reduce((sum, name) => sum + (LOADS[name]?.seconds ?? 0), 0);

describe("the lanes of the engine's tests", () => {
  it("know no file that is not there", () => {
    expect(Object.keys(LOADS).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each([1, 2, 3])("have each file in exactly one of %d, whatever the order in which they are found", (count) => {
    const lanes = lanesOf(names, count);
    expect(lanes).toHaveLength(count);
    expect(lanes.flat().sort()).toEqual([...names].sort());
    expect(lanesOf([...names].reverse(), count)).toEqual(lanes);
    expect(lanesOf([...names, "new"], count).flat()).toContain("new");
  });

  it("are done at about the same time", () => {
    const [first = 0, second = 0] = lanesOf(names, 2).map(secondsOf);
    expect(Math.max(first, second)).toBeLessThan(1.05 * Math.min(first, second));
  });

  it("let what asks package indexes run where they are reached", () => {
    const [first, second] = lanesOf(names, 2);
    expect(first).toEqual(expect.arrayContaining(["images", "workspace"]));
    for (const name of second ?? []) {
      expect(readFileSync(`${FOLDER}/${name}${END}`, "utf8"), name).not.toMatch(/from "\.\/checkout"/);
    }
  });
});
