import {
  existsSync,
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
import { join } from "node:path";
import { App, Artifact, type Synthesis, WriteError } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../support/tools";

const MANIFEST = ".lamb-compose.json";

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lamb-compose-writer-"));
  out = join(directory, "out");
});
afterEach(() => rmSync(directory, { recursive: true }));

function synth(files: Readonly<Record<string, string>>): Synthesis {
  const app = new App();
  for (const [fileName, content] of Object.entries(files)) new Artifact(app, fileName, { fileName, content });
  return app.synth();
}

/** Everything below a directory: folders, links and the texts of files. */
function tree(root: string, below = ""): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const name of readdirSync(join(root, below)).sort()) {
    const path = join(below, name);
    const stat = lstatSync(join(root, path));
    if (stat.isDirectory()) Object.assign(entries, { [`${path}/`]: "" }, tree(root, path));
    else entries[path] = stat.isSymbolicLink() ? "link" : readFileSync(join(root, path), "utf8");
  }
  return entries;
}

/** The same without the writer's record. */
function texts(): Record<string, string> {
  const { [MANIFEST]: _, ...others } = tree(out);
  return others;
}

const recorded = () => Object.keys(JSON.parse(readFileSync(join(out, MANIFEST), "utf8")).files);

/** What a write or check is refused with. Whatever it is, nothing has changed. */
async function refusal(work: () => Promise<unknown>): Promise<WriteError> {
  const before = tree(directory);
  try {
    await work();
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    expect(tree(directory)).toEqual(before);
    return error;
  }
  return expect.fail("nothing was refused");
}

describe("write", () => {
  it("makes the directory and the folders, and says what it wrote", async () => {
    const files = { "a.yaml": "a\n", "docs/b/c.md": "c\n", ".env": "" };
    const result = await synth(files).write(join(out, "deep"));
    expect(result).toEqual({ written: Object.keys(files), unchanged: [], removed: [], kept: [] });
    const { [MANIFEST]: manifest, ...others } = tree(join(out, "deep"));
    expect(others).toEqual({ "docs/": "", "docs/b/": "", "docs/b/c.md": "c\n", "a.yaml": "a\n", ".env": "" });
    expect(Object.keys(JSON.parse(manifest ?? "").files)).toEqual(Object.keys(files));
  });

  it("writes only what has changed", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    const inode = lstatSync(join(out, "a")).ino;
    expect(await synth({ a: "1", b: "2" }).write(out)).toEqual({
      written: ["b"],
      unchanged: ["a"],
      removed: [],
      kept: [],
    });
    expect(lstatSync(join(out, "a")).ino).toBe(inode);
    expect(texts()).toEqual({ a: "1", b: "2" });
    const before = tree(out);
    expect(await synth({ a: "1", b: "2" }).write(out)).toMatchObject({ written: [], unchanged: ["a", "b"] });
    expect(tree(out)).toEqual(before);
  });

  it("writes the text as UTF-8, byte for byte", async () => {
    await synth({ a: "ä\r\n\u{1f600}\ufeff" }).write(out);
    expect(readFileSync(join(out, "a"))).toEqual(Buffer.from("ä\r\n\u{1f600}\ufeff", "utf8"));
  });

  it("removes what an earlier synthesis wrote and this one does not have, with folders that are empty then", async () => {
    await synth({ a: "1", "x/y/z": "1", "k/b": "1", "k/c": "1" }).write(out);
    writeFileSync(join(out, "theirs"), "t");
    expect(await synth({ a: "1", "k/c": "1" }).write(out)).toMatchObject({
      written: [],
      removed: ["x/y/z", "k/b"],
      kept: [],
    });
    expect(texts()).toEqual({ a: "1", "k/": "", "k/c": "1", theirs: "t" });
    expect(recorded()).toEqual(["a", "k/c"]);
  });

  it("leaves what it would remove but was changed by hand, and looks after it no longer", async () => {
    await synth({ a: "1", b: "1", gone: "1" }).write(out);
    writeFileSync(join(out, "b"), "by hand");
    rmSync(join(out, "gone"));
    expect(await synth({ a: "1" }).write(out)).toEqual({ written: [], unchanged: ["a"], removed: [], kept: ["b"] });
    expect(texts()).toEqual({ a: "1", b: "by hand" });
    expect(recorded()).toEqual(["a"]);
    expect(await synth({ a: "1" }).check(out)).toEqual([]);
    expect(await refusal(() => synth({ a: "1", b: "2" }).write(out))).toMatchObject({ code: "not-ours", value: "b" });
  });

  it("removes it when told to overwrite", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    writeFileSync(join(out, "b"), "by hand");
    expect(await synth({ a: "1" }).write(out, { overwriteEdited: true })).toMatchObject({ removed: ["b"], kept: [] });
    expect(texts()).toEqual({ a: "1" });
  });

  it("brings back a file that was removed, and takes a file that is the same for its own", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    rmSync(join(out, "a"));
    writeFileSync(join(out, "c"), "1");
    expect(await synth({ a: "1", b: "1", c: "1" }).write(out)).toMatchObject({ written: ["a"], unchanged: ["b", "c"] });
    expect(recorded()).toEqual(["a", "b", "c"]);
  });
});

describe("write refuses", () => {
  it("files that it did not write: all at once, whatever it is told", async () => {
    mkdirSync(join(out, "c"), { recursive: true });
    for (const name of ["a", "b", "other"]) writeFileSync(join(out, name), "theirs");
    symlinkSync(join(directory, "elsewhere"), join(out, "d"));
    for (const overwriteEdited of [false, true]) {
      const error = await refusal(() =>
        synth({ new: "1", a: "1", b: "1", c: "1", d: "1" }).write(out, { overwriteEdited }),
      );
      expect(error).toMatchObject({ code: "not-ours", value: "a, b, c, d", path: out });
      expect(error.fix).not.toBe("");
    }
  });

  it("files that were changed by hand, all at once, unless told to overwrite them", async () => {
    await synth({ a: "1", b: "1", c: "1" }).write(out);
    writeFileSync(join(out, "a"), "by hand");
    writeFileSync(join(out, "c"), "by hand");
    const next = synth({ a: "2", b: "2", c: "2" });
    expect(await refusal(() => next.write(out))).toMatchObject({ code: "edited", value: "a, c" });
    expect(await next.write(out, { overwriteEdited: true })).toMatchObject({ written: ["a", "b", "c"] });
    expect(texts()).toEqual({ a: "2", b: "2", c: "2" });
  });

  it("files that somebody's checkout gave other line endings", async () => {
    await synth({ a: "1\n2\n" }).write(out);
    writeFileSync(join(out, "a"), "1\r\n2\r\n");
    expect(await refusal(() => synth({ a: "1\n2\n" }).write(out))).toMatchObject({ code: "edited", value: "a" });
  });

  it("to follow a link out of the directory", async () => {
    mkdirSync(out);
    mkdirSync(join(directory, "elsewhere"));
    symlinkSync(join(directory, "elsewhere"), join(out, "docs"));
    symlinkSync("..", join(out, "up"));
    const error = await refusal(() => synth({ a: "1", "docs/b": "1", "up/c/d": "1" }).write(out));
    expect(error).toMatchObject({ code: "outside", value: "docs/b, up/c/d" });
  });

  it("a path outside, before it looks at the disk", async () => {
    const synthesis = synth({ "../a": "1" });
    await expect(synthesis.write(out)).rejects.toMatchObject({ code: "synthesis" });
    expect(existsSync(out)).toBe(false);
  });

  it("a directory that is a file, or lies below one", async () => {
    writeFileSync(out, "a file");
    expect(await refusal(() => synth({ a: "1" }).write(out))).toMatchObject({ code: "not-a-directory", path: out });
    expect(await refusal(() => synth({ a: "1" }).check(out))).toMatchObject({ code: "not-a-directory" });
    expect(await refusal(() => synth({ a: "1" }).write(join(out, "deep")))).toMatchObject({ code: "cannot-write" });
  });

  it("a folder that is a file", async () => {
    mkdirSync(out);
    writeFileSync(join(out, "docs"), "a file");
    expect(await refusal(() => synth({ a: "1", "docs/b": "1" }).write(out))).toMatchObject({ code: "cannot-write" });
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["a text", '"a"'],
    ["without files", "{}"],
    ["with files that are a number", '{"files": 1}'],
    ["with a hash that is none", '{"files": {"a": "sha256:1"}}'],
    ["with hashes that are numbers", '{"files": {"a": [1]}}'],
  ])("a record that it cannot read: %s", async (_, text) => {
    mkdirSync(out);
    writeFileSync(join(out, MANIFEST), text);
    for (const work of [() => synth({ a: "1" }).write(out), () => synth({ a: "1" }).check(out)]) {
      expect(await refusal(work)).toMatchObject({ code: "bad-manifest", path: join(out, MANIFEST) });
    }
  });

  it("a record that is a folder", async () => {
    mkdirSync(join(out, MANIFEST), { recursive: true });
    expect(await refusal(() => synth({ a: "1" }).write(out))).toMatchObject({ code: "bad-manifest" });
  });

  it("to remove what a forged record names outside of the directory", async () => {
    mkdirSync(out);
    writeFileSync(join(directory, "precious"), "p");
    await synth({ precious: "p" }).write(out);
    const manifest = readFileSync(join(out, MANIFEST), "utf8");
    writeFileSync(join(out, MANIFEST), manifest.replace('"precious"', '"../precious"'));
    const result = await synth({ a: "1" }).write(out, { overwriteEdited: true });
    expect(result.removed).toEqual([]);
    expect(readFileSync(join(directory, "precious"), "utf8")).toBe("p");
  });
});

describe("a directory behind a link", () => {
  it("is a directory", async () => {
    mkdirSync(join(directory, "real"));
    symlinkSync("real", out);
    await synth({ "a/b": "1" }).write(out);
    expect(readFileSync(join(directory, "real/a/b"), "utf8")).toBe("1");
  });
});

describe("check", () => {
  it("finds nothing after a write, and writes nothing", async () => {
    await synth({ a: "1\n", "b/c": "2\n" }).write(out);
    const before = tree(out);
    expect(await synth({ a: "1\n", "b/c": "2\n" }).check(out)).toEqual([]);
    expect(tree(out)).toEqual(before);
  });

  it("says what is missing, different and left over, with a diff that people can read", async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
    await synth({ a: lines.join(""), left: "old\n", gone: "g\n", same: "s\n" }).write(out);
    rmSync(join(out, "gone"));
    const changed = lines.with(10, "changed\n").join("");
    const drifts = await synth({ a: changed, gone: "g\n", same: "s\n", new: "n\n" }).check(out);
    expect(drifts.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "a different",
      "gone missing",
      "new missing",
      "left left over",
    ]);
    const [a, , added, left] = drifts.map(({ diff }) => diff);
    expect(a).toContain(
      "--- a (there)\n+++ a (program)\n@@ -7,9 +7,9 @@\n line 6\n line 7\n line 8\n line 9\n-line 10\n+changed\n line 11\n",
    );
    expect(a).not.toContain("line 3\n");
    expect(added).toContain("@@ -0,0 +1,1 @@\n+n\n");
    expect(left).toContain("@@ -1,1 +0,0 @@\n-old\n");
  });

  it("reports every file when there is no directory", async () => {
    expect(await synth({ a: "1", "b/c": "" }).check(out)).toMatchObject([
      { path: "a", kind: "missing" },
      { path: "b/c", kind: "missing" },
    ]);
    expect(existsSync(out)).toBe(false);
  });

  it("shows other line endings as what differs", async () => {
    await synth({ a: "1\n2\n" }).write(out);
    writeFileSync(join(out, "a"), "1\r\n2\r\n");
    const [drift] = await synth({ a: "1\n2\n" }).check(out);
    expect(drift).toMatchObject({ path: "a", kind: "different" });
    expect(drift?.diff).toContain("-1\r\n-2\r\n+1\n+2\n");
  });

  it("reports a directory or link in the place of a file, and links on the way", async () => {
    mkdirSync(join(out, "a"), { recursive: true });
    mkdirSync(join(directory, "elsewhere"));
    writeFileSync(join(directory, "elsewhere/c"), "1");
    symlinkSync(join(directory, "elsewhere"), join(out, "b"));
    expect(await synth({ a: "1", "b/c": "1" }).check(out)).toMatchObject([
      { path: "a", kind: "different" },
      { path: "b/c", kind: "different" },
    ]);
  });
});

const canMount = process.platform === "linux" && process.getuid?.() === 0;

describe.runIf(canMount)("a disk that is full", () => {
  const mount = (size: string) => run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", out]).status === 0;

  it("leaves everything as it was, and the write can be repeated when there is room", async (context) => {
    mkdirSync(out);
    if (!mount("256k")) return context.skip("no right to mount a file system");
    try {
      const small = synth({ "a/one": "1\n".repeat(1_000), two: "2\n" });
      await small.write(out);
      const large = synth({ "b/new": "n\n", two: "3\n", large: "x".repeat(400_000) });
      expect(await refusal(() => large.write(out))).toMatchObject({ code: "cannot-write" });
      expect(await small.check(out)).toEqual([]);
      expect(run("mount", ["-o", "remount,size=2m", out]).status).toBe(0);
      await large.write(out);
      expect(await large.check(out)).toEqual([]);
      expect(Object.keys(texts())).toEqual(["b/", "b/new", "large", "two"]);
    } finally {
      run("umount", [out]);
    }
  });
});

describe("the text of a drift", () => {
  it("is a patch that the usual tool can apply", async (context) => {
    if (run("sh", ["-c", "command -v patch"]).status !== 0) return context.skip("patch is missing");
    await synth({ a: "1\n2\n3\n" }).write(out);
    const next = synth({ a: "1\ntwo\n3\n4\n" });
    const [drift] = await next.check(out);
    expect(run("patch", ["-s", join(out, "a")], { input: drift?.diff ?? "" })).toMatchObject({ status: 0 });
    expect(texts()).toEqual({ a: "1\ntwo\n3\n4\n" });
  });
});
