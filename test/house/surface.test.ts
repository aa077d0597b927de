import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { surfaceOf } from "./surface";

/** The entries of the package, from its own list. */
const ENTRIES = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).exports)
  .filter((name) => !name.endsWith(".json"))
  .map((name) => (name === "." ? "index" : name.slice(2)));

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
  ts.sys,
  ".",
);
const program = ts.createProgram(
  ENTRIES.map((name) => `lib/${name}.ts`),
  options,
);
const surfaces = new Map(ENTRIES.map((name) => [name, surfaceOf(program, `lib/${name}.ts`)]));

/** Types of Compose's own words, which every entry may use. */
const SHARED: ReadonlySet<string> = new Set(["ComposeMap", "ComposeValue", "Scalar"]);

describe("what the package exports", () => {
  // A change shows in the difference of these files: `npx vitest run --config test/vitest.config.ts -u test/house`
  it.each(ENTRIES)("%s is as it was decided", async (name) => {
    await expect(surfaces.get(name)).toMatchFileSnapshot(`surface/${name}.txt`);
  });

  it("has no name with two meanings", () => {
    const names = [...surfaces.values()].flatMap((text) =>
      [...text.matchAll(/^(?:type of )?(?:class|interface|type|const|namespace|function) (\w+)/gm)].map(
        ([, name = ""]) => name,
      ),
    );
    const twice = names.filter((name, at) => names.indexOf(name) !== at && !SHARED.has(name));
    expect([...new Set(twice)]).toEqual([]);
  });

  it("is at the root what people meet in the first hour", () => {
    const values = [...(surfaces.get("index") ?? "").matchAll(/^(?:class|const|namespace|function) (\w+)/gm)];
    expect(values.length).toBeLessThan(50);
  });
});
