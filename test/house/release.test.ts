import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACTIONS } from "../../lib/images/workflow/actions";
import { complaints } from "../support/actionlint";

const WORKFLOWS = [
  ".github/workflows/release.yml",
  ".github/workflows/test.yml",
  "examples/create-lamb-compose/template/.github/workflows/check.yml",
] as const;
const text = (path: string) => readFileSync(path, "utf8");

describe("the workflows that are written by hand", () => {
  it("have nothing that actionlint finds, which does find what is wrong with one", () => {
    const texts = WORKFLOWS.map(text);
    const wrong = (texts[0] ?? "").replaceAll("runs-on:", "run-on:");
    expect(complaints([...texts, wrong])).toEqual(["", "", "", expect.stringContaining("run-on")]);
  });

  it.each(WORKFLOWS)("%s names actions by the commits that the generated ones have", (path) => {
    const pins = Object.values(ACTIONS).map(({ name, commit, version }) => `${name}@${commit} # ${version}`);
    const used = [...text(path).matchAll(/uses: (.*)$/gm)].map(([, pin = ""]) => pin);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((pin) => !pins.includes(pin))).toEqual([]);
  });

  it.each(WORKFLOWS.slice(0, 2))(
    "%s has the judges before the tests, which leave nothing out where CI is set",
    (path) => {
      const steps = [...text(path).matchAll(/- run: (.*)$/gm)].map(([, step = ""]) => step);
      const judged = steps.indexOf(".ci/engine install");
      expect(judged).toBeGreaterThanOrEqual(0);
      expect(steps.findIndex((step) => step.endsWith("npm test"))).toBeGreaterThan(judged);
    },
  );

  it("publish both packages with one version", () => {
    const version = (path: string): unknown => JSON.parse(text(path)).version;
    expect(version("examples/create-lamb-compose/package.json")).toBe(version("package.json"));
    expect(text("examples/create-lamb-compose/template/package.json")).toContain(
      `"lamb-compose": "^${version("package.json")}"`,
    );
  });
});
