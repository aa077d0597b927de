import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isCi } from "../support/tools";
import { EXAMPLES, filesBelow, goldenOf, runBuilt, runExample, sourceOf } from "./program";

/** With UPDATE_GOLDEN=1 the golden files become what the examples write. Where CI is set, they never do. */
const UPDATE = process.env.UPDATE_GOLDEN === "1" && !isCi();

describe.each(EXAMPLES)("examples/%s.ts", (example) => {
  let home = "";
  let out = "";
  beforeAll(() => {
    if (UPDATE) expect(runExample(example, ["--out", goldenOf(example), "--force"])).toMatchObject({ status: 0 });
    home = mkdtempSync(join(tmpdir(), "lamb-compose-example-"));
    out = join(home, "out");
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("is written as its users write", () => {
    const imported = [...sourceOf(example).matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)];
    const names = imported.map(([, from, lazily]) => from ?? lazily ?? "");
    const entries = ["lamb-compose", "lamb-compose/construct", "lamb-compose/guides", "lamb-compose/images"];
    expect(names.filter((name) => ![...entries, "node:fs"].includes(name))).toEqual([]);
    expect(names.find((name) => !name.startsWith("node:"))).toBe("lamb-compose");
  });

  it("writes what its golden files hold", () => {
    const { status, stdout, stderr } = runExample(example, ["--out", out]);
    expect(linesOf(stderr).filter((line) => !/^\d+ suppressed with a reason/.test(line))).toEqual([]);
    expect(status).toBe(0);
    const files = filesBelow(out);
    expect(files).toEqual(filesBelow(goldenOf(example)));
    for (const path of files.keys())
      if (path !== ".lamb-compose.json") expect(stdout).toContain(`wrote ${out}/${path}`);
  });

  it("finds no drift in what it wrote", () => {
    const { status, stdout } = runBuilt(example, ["--out", out, "--check"]);
    expect(stdout).toBe(`${out} is what the program makes\n`);
    expect(status).toBe(0);
  });

  it("finds one byte that is different, and shows it", () => {
    const path = firstComposeFile(out);
    const file = join(out, path);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("services:", "Services:"));
    const { status, stdout } = runBuilt(example, ["--out", out, "--check"]);
    expect(status).toBe(1);
    expect(stdout).toContain(`different: ${path}\n`);
    expect(stdout).toContain("\n-Services:\n+services:\n");
    expect(stdout.match(/^[-+](?![-+])/gm)).toHaveLength(2);
    writeFileSync(file, text);
  });

  it("leaves alone what was changed by hand, unless it is told otherwise", () => {
    const path = firstComposeFile(out);
    const file = join(out, path);
    const before = readFileSync(file, "utf8");
    appendFileSync(file, "# by hand\n");
    const { status, stderr } = runBuilt(example, ["--out", out]);
    expect(status).toBe(1);
    expect(stderr).toContain("changed by hand");
    expect(readFileSync(file, "utf8")).toBe(`${before}# by hand\n`);
    expect(runBuilt(example, ["--out", out, "--force"]).status).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

it("there is an example for each kind of host", () => {
  expect(EXAMPLES).toEqual(["gpu", "plain", "prod", "university"]);
});

function firstComposeFile(folder: string): string {
  const path = [...filesBelow(folder).keys()].find((name) => name.endsWith(".yaml"));
  if (path === undefined) throw new Error(`no Compose file in ${folder}`);
  return path;
}

/** What a program says, without what npm says of its own configuration. */
function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("npm "));
}
