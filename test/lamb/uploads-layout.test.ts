import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { App, LambRelease, LambStack } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UPLOADS } from "../../lib/lamb/generated/programs";
import { describeWith } from "../support/tools";

/** Paths in a volume, and what the files hold. */
type Tree = Readonly<Record<string, string>>;

describeWith("python", "the layout of uploads", () => {
  let volume = "";
  beforeEach(() => {
    volume = mkdtempSync(join(tmpdir(), "lamb-compose-uploads-"));
  });
  afterEach(() => rmSync(volume, { recursive: true, force: true }));

  const put = (tree: Tree) => {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(volume, path)), { recursive: true });
      writeFileSync(join(volume, path), text);
    }
  };
  const files = (): Tree =>
    Object.fromEntries(
      readdirSync(volume, { recursive: true, encoding: "utf8" })
        .filter((path) => lstatSync(join(volume, path)).isFile())
        .sort()
        .map((path) => [path, readFileSync(join(volume, path), "utf8")]),
    );
  const run = () => spawnSync("python3", ["-IS", "-c", UPLOADS, volume], { encoding: "utf8" });

  const TURNS: readonly (readonly [what: string, before: Tree, after: Tree])[] = [
    ["a new volume", {}, {}],
    [
      "the volume of a deployment of ours of before: all of it moves",
      { "2/a.txt": "a", "2/img/b.png": "b", "30/c": "c", "default/img/d": "d" },
      { "public/2/a.txt": "a", "public/2/img/b.png": "b", "public/30/c": "c", "public/default/img/d": "d" },
    ],
    [
      "the volume of LAMB's own files: nothing moves",
      { "css/a.css": "x", "json/defaults.json": "{}", "public/2/a.txt": "a" },
      { "css/a.css": "x", "json/defaults.json": "{}", "public/2/a.txt": "a" },
    ],
    [
      "one that was run by older files again: what came new is with the rest",
      { "public/2/a.txt": "a", "2/b.txt": "b", "3/c": "c" },
      { "public/2/a.txt": "a", "public/2/b.txt": "b", "public/3/c": "c" },
    ],
  ];
  it.each(TURNS)("%s", (_, before, after) => {
    put(before);
    expect(run()).toMatchObject({ status: 0, stderr: "" });
    expect(files()).toEqual(after);
    expect(readdirSync(volume)).toContain("public");
    expect(run()).toMatchObject({ status: 0, stdout: "" });
    expect(files()).toEqual(after);
  });

  it("overwrites nothing: of two files of one name both stay, and it says so", () => {
    put({ "2/a.txt": "new", "2/b.txt": "b", "public/2/a.txt": "old" });
    const { status, stderr } = run();
    expect(status).toBe(0);
    expect(stderr).toContain("2/a.txt stays: there is another one");
    expect(files()).toEqual({ "2/a.txt": "new", "public/2/a.txt": "old", "public/2/b.txt": "b" });
  });

  it("follows no link out of the volume", () => {
    put({ "2/a.txt": "a" });
    mkdirSync(join(volume, "public"));
    symlinkSync("/nowhere", join(volume, "public/2"));
    expect(run().stderr).toContain("stays");
    expect(files()).toEqual({ "2/a.txt": "a" });
  });

  it("loses no file, whatever there is", () => {
    const part = fc.constantFrom("1", "2", "img", "public", "default", "a", "b");
    const path = fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => `${parts.join("/")}/f`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 6 }), (paths) => {
        for (const name of readdirSync(volume)) rmSync(join(volume, name), { recursive: true });
        put(Object.fromEntries(paths.map((path, index) => [path, `${index}`])));
        expect(run().status).toBe(0);
        expect(Object.values(files()).sort()).toEqual(paths.map((_, index) => `${index}`).sort());
      }),
      { numRuns: 25 },
    );
  });
});

describe("the stack", () => {
  const filesOf = (release: string) => {
    const app = new App();
    new LambStack(app, "next", { release: new LambRelease(release) });
    return app.synth().files.get("docker-compose.next.yaml") ?? "";
  };

  it("of 0.7 mounts the part of the volume where LAMB's own files have uploads, once they are there", () => {
    const text = filesOf("0.7");
    expect(text).toContain(
      "target: /app/backend/static/public\n        volume:\n          nocopy: true\n          subpath: public",
    );
    expect(text).toContain("uploads:\n        condition: service_completed_successfully");
  });

  it("of 0.6, where LAMB's own files have no volume for them, is as it was", () => {
    const text = filesOf("0.6");
    expect(text).toContain("- lamb-static:/app/backend/static/public\n");
    expect(text).not.toContain("subpath");
  });
});
