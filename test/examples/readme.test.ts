import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EXIT_STATUSES } from "../../lib/report/exit-status";

const folder = mkdtempSync(join(tmpdir(), "lamb-compose-readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

const readme = readFileSync("README.md", "utf8");
const scripts: Record<string, string> = JSON.parse(readFileSync("package.json", "utf8")).scripts;

describe("the README", () => {
  it("has a program that runs as it stands", { timeout: 120_000 }, () => {
    const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    expect(program.trim().split("\n").length).toBeLessThanOrEqual(22);
    const file = join(folder, "program.mts");
    writeFileSync(file, program);
    const { status, stderr } = spawnSync("npx", ["tsx", file, "--out", join(folder, "out")], { encoding: "utf8" });
    expect(stderr.split("\n").filter((line) => line.startsWith("error"))).toEqual([]);
    expect(status).toBe(0);
    const files = [...program.matchAll(/; +\/\/ (.*)$/gm)].flatMap(
      ([, comment = ""]) => comment.match(/[\w.-]*\.\w[\w.]+/g) ?? [],
    );
    expect(files.length).toBeGreaterThan(3);
    expect(readdirSync(join(folder, "out"))).toEqual(expect.arrayContaining(files));
  });

  it("has the table of exit statuses that commands end with", () => {
    const rows = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, status, meaning]) => [
      Number(status),
      meaning,
    ]);
    expect(rows).toEqual(Object.values(EXIT_STATUSES).map(({ status, meaning }) => [status, meaning]));
  });

  it("names no script and no folder that is not there", () => {
    const named = [...readme.matchAll(/`npm (?:run )?([\w:]+)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(scripts).toHaveProperty([name]);
    for (const [, path = ""] of readme.matchAll(/^\| `((?:lib|test|examples)[\w/]*)`/gm))
      expect(existsSync(path), path).toBe(true);
  });
});
