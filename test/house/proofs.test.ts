import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CRITERIA, PLAN } from "../engine/validation/proofs";

describe("the proofs of the plan", () => {
  it("are there for each row, in the order of the plan", () => {
    expect(PLAN.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, at) => `P${at + 1}`));
    expect(CRITERIA).toHaveLength(6);
  });

  it.each([...PLAN, ...CRITERIA].flatMap(({ id, proofs }) => proofs.map((proof) => [id, ...proof] as const)))(
    "%s: %s has a test %s",
    (_, file, words) => {
      expect(readFileSync(file, "utf8")).toContain(words);
    },
  );

  it("lead from the page to files that are there", () => {
    if (!existsSync("Documentation/validation.md")) return;
    const text = readFileSync("Documentation/validation.md", "utf8");
    const links = [...text.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});
