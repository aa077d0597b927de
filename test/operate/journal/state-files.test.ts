import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, manifestText } from "../../../lib/disk/manifest";
import { changeEnv, copyState, putState } from "../../../lib/operate/journal/state-files";

let dir: string;
let kept: string;
const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const generated = Object.entries(files).filter(([name]) => name.endsWith(".yaml"));
  const manifest = new Map(generated.map(([name, text]) => [name, [hashOf(text)]]));
  writeFileSync(join(dir, ".lamb-compose.json"), manifestText(manifest));
};
const read = (name: string) => readFileSync(join(dir, name), "utf8");
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-state-"));
  [dir, kept] = [join(home, "dir"), join(home, "kept")];
  mkdirSync(dir);
  write({ "compose.yaml": "one", "other.yaml": "one", ".env": "A=1\n", mine: "mine" });
  chmodSync(join(dir, ".env"), 0o600);
});
afterEach(() => rmSync(join(dir, ".."), { recursive: true, force: true }));

describe("a state", () => {
  it("is kept for its owner alone, who mounts it with the permissions that it had, and comes back as it was", async () => {
    mkdirSync(join(dir, "settings/deep"), { recursive: true });
    write({ "compose.yaml": "one", "other.yaml": "one", "settings/deep/run.yaml": "one" });
    chmodSync(join(dir, "settings"), 0o751);
    chmodSync(join(dir, "settings/deep/run.yaml"), 0o755);
    chmodSync(join(dir, ".env"), 0o644);
    await copyState(dir, kept, ["compose.yaml", "../outside", "not there", "not/there"]);
    chmodSync(join(dir, ".env"), 0o600);
    const modes = [".", ".env", "settings", "settings/deep/run.yaml", "compose.yaml"].map((name) => {
      return (statSync(join(kept, name)).mode & 0o777).toString(8);
    });
    expect(modes).toEqual(["700", "600", "751", "755", "644"]);
    expect(existsSync(join(kept, "mine"))).toBe(false);
    write({ "compose.yaml": "two", "third.yaml": "two", ".env": "A=2\n", mine: "changed" });
    rmSync(join(dir, "other.yaml"));
    await putState(kept, dir);
    expect([read("compose.yaml"), read("other.yaml"), read(".env"), read("mine")]).toEqual([
      "one",
      "one",
      "A=1\n",
      "changed",
    ]);
    expect(existsSync(join(dir, "third.yaml"))).toBe(false);
    expect(statSync(join(dir, ".env")).mode & 0o777).toBe(0o600);
    await putState(kept, dir);
    expect(read(".env")).toBe("A=1\n");
  });

  it("takes nothing away that somebody has changed", async () => {
    await copyState(dir, kept, []);
    write({ "compose.yaml": "two", "third.yaml": "two" });
    writeFileSync(join(dir, "third.yaml"), "by hand");
    await putState(kept, dir);
    expect(read("third.yaml")).toBe("by hand");
  });

  it("comes back with other values of its .env: for variables that are there, and that are not", async () => {
    await copyState(dir, kept, []);
    await putState(
      kept,
      dir,
      new Map([
        ["A", "3"],
        ["DATA_GENERATION", "-g2"],
      ]),
    );
    expect(read(".env")).toBe("A=3\nDATA_GENERATION=-g2\n");
    await changeEnv(
      dir,
      new Map([
        ["DATA_GENERATION", ""],
        ["NEW", ""],
      ]),
    );
    expect(read(".env")).toBe("A=3\nDATA_GENERATION=\n");
  });
});
