import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
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
import { App, Artifact, WriteError } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Synthesis } from "../../lib/construct/synth/synthesis";
import { Transaction } from "../../lib/disk/transaction";
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
    const files = { "a.yaml": "a\n", "docs/b/c.md": "c\n", ".env.example": "" };
    const result = await synth(files).write(join(out, "deep"));
    expect(result).toEqual({ written: Object.keys(files), unchanged: [], removed: [], kept: [] });
    const { [MANIFEST]: manifest, ...others } = tree(join(out, "deep"));
    expect(others).toEqual({ "docs/": "", "docs/b/": "", "docs/b/c.md": "c\n", "a.yaml": "a\n", ".env.example": "" });
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

  it("to follow a link into a folder beside it whose name begins as its own", async () => {
    mkdirSync(out);
    mkdirSync(`${out}-old`);
    symlinkSync("../out-old", join(out, "docs"));
    const error = await refusal(() => synth({ "docs/b": "1" }).write(out));
    expect(error).toMatchObject({ code: "outside", value: "docs/b" });
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

  it("a record that is a pipe, at once", async () => {
    mkdirSync(out);
    expect(run("mkfifo", [join(out, MANIFEST)]).status).toBe(0);
    const work = synth({ a: "1" }).write(out);
    await expect(work).rejects.toMatchObject({ code: "bad-manifest", reason: expect.stringContaining("is a pipe") });
  });

  it("a pipe in the place of a file, at once", async () => {
    mkdirSync(out);
    expect(run("mkfifo", [join(out, "a")]).status).toBe(0);
    await expect(synth({ a: "1" }).write(out)).rejects.toMatchObject({ code: "not-ours", value: "a" });
  });

  it("a record that is a folder", async () => {
    mkdirSync(join(out, MANIFEST), { recursive: true });
    expect(await refusal(() => synth({ a: "1" }).write(out))).toMatchObject({ code: "bad-manifest" });
  });

  it.each([
    "../precious",
    "/etc/passwd",
    "a/../../precious",
    "C:/precious",
    "a\0b",
    "a\nb",
    "a//b",
    "",
    "a/",
    "\ud800",
    "x".repeat(300),
  ])("a record that lists what no program wrote: %j", async (path) => {
    mkdirSync(out);
    writeFileSync(join(directory, "precious"), "p");
    writeFileSync(join(out, MANIFEST), JSON.stringify({ files: { a: ["sha256:1"], [path]: ["sha256:2"] } }));
    for (const work of [() => synth({ a: "1" }).write(out, { overwriteEdited: true }), () => synth({}).check(out)]) {
      const error = await refusal(work);
      expect(error).toMatchObject({ code: "bad-manifest", path: join(out, MANIFEST) });
      expect(error.message).toContain(JSON.stringify(path));
    }
  });
});

describe("what is not generated", () => {
  const THEIRS = [".env", ".env.local", "kb/.env", ".env.2026-01-01.bak", ".git/hooks/post-checkout", ".GIT/config"];
  const OWN = ["images.lock.json", ".lamb-compose/journal.json", "sub/.lamb-compose.json"];

  it.each([...THEIRS, ...OWN])("stays, whatever the record says: %s", async (path) => {
    await synth({ a: "1", b: "1" }).write(out);
    mkdirSync(join(out, path, ".."), { recursive: true });
    writeFileSync(join(out, path), "theirs");
    const record = JSON.parse(readFileSync(join(out, MANIFEST), "utf8"));
    record.files[path] = [`sha256:${createHash("sha256").update("theirs").digest("hex")}`];
    writeFileSync(join(out, MANIFEST), JSON.stringify(record));
    expect(await synth({ a: "1" }).check(out)).toMatchObject([{ path: "b", kind: "left over" }]);
    const result = await synth({ a: "1" }).write(out, { overwriteEdited: true });
    expect(result).toEqual({ written: [], unchanged: ["a"], removed: ["b"], kept: [] });
    expect(readFileSync(join(out, path), "utf8")).toBe("theirs");
    expect(recorded()).toEqual(["a"]);
  });

  it.each([...THEIRS, ...OWN])("is not written by a synthesis that somebody put together: %s", async (path) => {
    const { context, deployments, compose } = synth({});
    const file = { path, construct: "x", text: "ours" };
    const error = await refusal(() => new Synthesis([file], [], context, deployments, compose).write(out));
    expect(error).toMatchObject({ code: "invalid-file-name" });
  });
});

describe("what changes while it is written", () => {
  /** Does something when the files were looked at: before they are written. */
  async function meanwhile(work: () => void, run: () => Promise<unknown>): Promise<unknown> {
    const spy = vi.spyOn(Transaction.prototype, "begin").mockImplementationOnce(async function (this: Transaction) {
      work();
      await this.begin();
    });
    try {
      return await run().catch((error: unknown) => error);
    } finally {
      spy.mockRestore();
    }
  }

  it("is not overwritten", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    const error = await meanwhile(
      () => writeFileSync(join(out, "b"), "theirs"),
      () => synth({ a: "2", b: "2" }).write(out, { overwriteEdited: true }),
    );
    expect(error).toMatchObject({ name: "WriteError", code: "changed-meanwhile", path: "b" });
    expect(texts()).toEqual({ a: "1", b: "theirs" });
  });

  it("is not removed", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    const result = await meanwhile(
      () => writeFileSync(join(out, "b"), "theirs"),
      () => synth({ a: "2" }).write(out),
    );
    expect(result).toMatchObject({ written: ["a"], removed: [], kept: ["b"] });
    expect(texts()).toEqual({ a: "2", b: "theirs" });
  });

  it("is not said to be up to date", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    const error = await meanwhile(
      () => rmSync(join(out, "b")),
      () => synth({ a: "2", b: "1" }).write(out),
    );
    expect(error).toMatchObject({ code: "half-done" });
    expect(String(error)).toContain("b was changed by somebody else");
  });

  it("is not written when it is the record", async () => {
    await synth({ a: "1" }).write(out);
    const record = join(out, ".lamb-compose.json");
    const changed = readFileSync(record, "utf8").replace("{", "{ ");
    const error = await meanwhile(
      () => writeFileSync(record, changed),
      () => synth({ a: "2" }).write(out),
    );
    expect(error).toMatchObject({ code: "changed-meanwhile" });
    expect(String(error)).toContain("was changed by somebody else");
    expect(readFileSync(record, "utf8")).toBe(changed);
    expect(texts()).toEqual({ a: "1" });
  });

  it("is not taken back when somebody else changed it since it was put there", async () => {
    await synth({ a: "1", b: "1" }).write(out);
    const real = Transaction.prototype.commit;
    const spy = vi.spyOn(Transaction.prototype, "commit").mockImplementationOnce(async function (this: Transaction) {
      await real.call(this);
      writeFileSync(join(out, "a"), "theirs");
      throw new Error("no space");
    });
    try {
      await expect(synth({ a: "2", b: "2" }).write(out)).rejects.toMatchObject({ code: "cannot-write" });
    } finally {
      spy.mockRestore();
    }
    expect(texts()).toEqual({ a: "theirs", b: "1" });
  });

  it("keeps nobody away for ever when it can neither be written nor taken back", async () => {
    const commit = vi.spyOn(Transaction.prototype, "commit").mockRejectedValueOnce(new Error("no space"));
    const undo = vi.spyOn(Transaction.prototype, "undo").mockRejectedValueOnce(new Error("no right"));
    try {
      await expect(synth({ a: "1" }).write(out)).rejects.toMatchObject({ code: "half-done" });
    } finally {
      commit.mockRestore();
      undo.mockRestore();
    }
    expect(await synth({ a: "1" }).write(out)).toMatchObject({ written: ["a"] });
  });

  it("is another run's, which goes first", async () => {
    await synth({ a: "1" }).write(out);
    let other: unknown;
    const spy = vi.spyOn(Transaction.prototype, "commit").mockImplementationOnce(async function (this: Transaction) {
      other = await synth({ a: "3" })
        .write(out)
        .catch((error: unknown) => error);
      await this.commit();
    });
    await synth({ a: "2" }).write(out);
    spy.mockRestore();
    expect(other).toMatchObject({ name: "WriteError", code: "in-use", path: out });
    expect(texts()).toEqual({ a: "2" });
  });
});

const isRoot = process.getuid?.() === 0;

describe("owner and permissions", () => {
  const rights = (path: string) => {
    const { uid, gid, mode } = lstatSync(join(out, path));
    return [uid, gid, (mode & 0o777).toString(8)];
  };

  it.each([0o600, 0o640, 0o664, 0o755])("stay when a file is written again: %o", async (mode) => {
    await synth({ a: "1", b: "1" }).write(out);
    for (const name of ["a", MANIFEST]) chmodSync(join(out, name), mode);
    await synth({ a: "2", b: "2", c: "1" }).write(out);
    for (const name of ["a", MANIFEST]) expect(lstatSync(join(out, name)).mode & 0o777).toBe(mode);
    expect(lstatSync(join(out, "c")).mode & 0o777).toBe(0o644 & ~process.umask());
  });

  it.runIf(isRoot)("stay another user's when root writes, whose new files are the folder's owner's", async () => {
    await synth({ a: "1" }).write(out);
    for (const name of [".", "a", MANIFEST]) chownSync(join(out, name), 1234, 2345);
    chmodSync(join(out, "a"), 0o640);
    await synth({ a: "2", "new/b": "1" }).write(out);
    expect(rights("a")).toEqual([1234, 2345, "640"]);
    for (const name of ["new", "new/b", MANIFEST]) expect(rights(name).slice(0, 2), name).toEqual([1234, 2345]);
  });

  it.runIf(isRoot)("are not wider where the group cannot be kept", async () => {
    await synth({ a: "1" }).write(out);
    for (const name of [".", "a", MANIFEST]) chownSync(join(out, name), 65_534, 2345);
    chmodSync(join(out, "a"), 0o640);
    chmodSync(directory, 0o755);
    process.setegid?.(65_534);
    process.seteuid?.(65_534);
    try {
      await synth({ a: "2" }).write(out);
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
    expect(rights("a")).toEqual([65_534, 65_534, "600"]);
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
