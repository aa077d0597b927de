import { existsSync, readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { CRITERIA, PLAN } from "../engine/validation/proofs";
import { claims } from "../engine/validation/report";

const PAGE = "Documentation/validation.md";

/** What the tests of a file are called, and what they are about: the words of each `it` and `describe`. */
function titlesOf(file: string): readonly string[] {
  const titles: string[] = [];
  const open: ts.Node[] = [ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    ts.forEachChild(node, (child) => {
      open.push(child);
    });
    if (ts.isCallExpression(node) && /^(?:it|describe|describeWith)$/.test(calledBy(node))) {
      titles.push(...node.arguments.filter(ts.isStringLiteralLike).map(({ text }) => text));
    }
  }
  return titles;
}

/** `it` of `it("…")`, and of `it.each([…])("…")`. */
function calledBy({ expression }: ts.CallExpression): string {
  let called: ts.Expression = expression;
  while (ts.isCallExpression(called) || ts.isPropertyAccessExpression(called)) called = called.expression;
  return ts.isIdentifier(called) ? called.text : "";
}

describe("the proofs of the plan", () => {
  it("are there for each row, in the order of the plan", () => {
    expect(PLAN.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, at) => `P${at + 1}`));
    expect(CRITERIA).toHaveLength(6);
  });

  it.each([...PLAN, ...CRITERIA].flatMap(({ id, proofs }) => proofs.map((proof) => [id, ...proof] as const)))(
    "%s: %s has a test %s",
    (_, file, words) => {
      expect(titlesOf(file)).toContainEqual(expect.stringContaining(words));
    },
  );

  it("are those that the page has, and it leads to files that are there", () => {
    const text = readFileSync(PAGE, "utf8");
    for (const all of [PLAN, CRITERIA]) expect(text).toContain(claims(all));
    const links = [...text.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = ""]) => path);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});
