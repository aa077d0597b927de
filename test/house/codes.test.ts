import ts from "typescript";
import { describe, expect, it } from "vitest";
import { LAMB_RULES } from "../../lib/lamb/rules";
import { CHECKS } from "../../lib/operate/doctor/doctor";
import { CODES, meaningOf } from "../../lib/report/codes";
import { codesOf } from "./codes";

const ROWS = CODES.flatMap(({ codes }) => Object.entries(codes));

describe("the register of codes", () => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
    ts.sys,
    ".",
  );
  const program = ts.createProgram(ts.sys.readDirectory("lib", [".ts"]), options);
  const sources = program
    .getSourceFiles()
    .filter(({ fileName }) => !/node_modules|generated|report\/codes/.test(fileName));
  const used = [...codesOf(program, sources)];

  it("has every code that the source uses, and no other", () => {
    const saysItself = new Set([...LAMB_RULES, ...CHECKS].map(({ id }) => id));
    expect(used.filter((code) => !saysItself.has(code)).sort()).toEqual(ROWS.map(([code]) => code).sort());
  });

  it("finds the codes of rules and of checks in the source too", () => {
    expect([...LAMB_RULES, ...CHECKS].map(({ id }) => id).filter((id) => !used.includes(id))).toEqual([]);
  });

  it.each(CODES)("is in the order of the alphabet: $title", ({ codes }) => {
    expect(Object.keys(codes)).toEqual(Object.keys(codes).sort());
  });

  it("says whole sentences", () => {
    expect(ROWS.filter(([, meaning]) => !/^[A-Z`].*\.$/.test(meaning))).toEqual([]);
  });

  it("knows the problems of an .env under the names that audit gives them", () => {
    expect(meaningOf("env-weak-secret")).toBe(meaningOf("weak-secret"));
  });

  // `npx vitest run --config test/vitest.config.ts test/house/codes.test.ts -u` writes the page anew.
  it("is the page that readers see", async () => {
    const table = (title: string, head: readonly string[], rows: readonly (readonly string[])[]) => {
      const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
      return `## ${title}\n\n${lines.join("\n")}\n`;
    };
    const meanings = (codes: Readonly<Record<string, string>>) =>
      Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning]);
    const reasons = (all: readonly { readonly id: string; readonly what: string; readonly why: string }[]) =>
      all.map(({ id, what, why }) => [`\`${id}\``, what, why]);
    const page = [
      "---\ntitle: Codes of errors and findings\n---\n",
      "# Codes of errors and findings\n",
      "Every error and every finding has a code that stays the same from release to release. Its reason and its fix say what\nis wrong in your case.\n",
      ...CODES.map(({ title, codes }) => table(title, ["code", "meaning"], meanings(codes))),
      table("Rules", ["code", "what is wrong with the place", "why it matters"], reasons(LAMB_RULES)),
      table("Checks of `doctor`", ["code", "what should hold", "why it matters"], reasons(CHECKS)),
    ].join("\n");
    await expect(page).toMatchFileSnapshot("../../lib/report/codes.md");
  });
});
