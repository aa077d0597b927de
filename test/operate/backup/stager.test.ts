import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
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
import { afterEach, beforeEach, expect, it } from "vitest";
import { COPIER, STAGE_VOLUMES, STAGER } from "../../../lib/operate/generated/programs";
import { describeWith, run } from "../../support/tools";

const FACTS = { databases: ["shop.db"], writtenOnce: [], whole: { "index/*": ["vectors.bin"] }, refersTo: {} };
const isRoot = process.getuid?.() === 0;

describeWith("python", "the program that copies volumes for backups", () => {
  let home: string;
  const volume = (...path: readonly string[]) => join(home, "volumes/data", ...path);
  const copy = (...path: readonly string[]) => join(home, "stage/volumes/data", ...path);
  const stager = (action: string, about: unknown = null) => {
    const program = STAGER.replace('"/stage"', `"${home}/stage"`).replace('"/volumes"', `"${home}/volumes"`);
    const { status, stdout, stderr } = run("python3", [
      "-c",
      program,
      COPIER,
      action,
      JSON.stringify([["data", about]]),
      "null",
    ]);
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout)[0];
  };
  /** Statements of SQLite by a program that is killed: what it wrote stands in the WAL. */
  const sql = (path: string, ...statements: readonly string[]) => {
    const program =
      "import sqlite3, sys, os\nc = sqlite3.connect(sys.argv[1])\nfor s in sys.argv[2:]: c.execute(s)\nc.commit()\nos._exit(0)";
    expect(run("python3", ["-c", program, path, ...statements])).toMatchObject({ status: 0, stderr: "" });
  };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-stager-"));
    for (const folder of [volume("index/1"), volume("empty"), join(home, "stage")])
      mkdirSync(folder, { recursive: true });
    writeFileSync(volume("index/1/vectors.bin"), "vectors");
    writeFileSync(volume("naïve file"), "text");
    symlinkSync("naïve file", volume("link"));
    chmodSync(volume("naïve file"), 0o640);
    chmodSync(volume("empty"), 0o700);
    if (isRoot) chownSync(volume("naïve file"), 1234, 2345);
    sql(
      volume("shop.db"),
      "PRAGMA journal_mode=WAL",
      "CREATE TABLE orders (id)",
      "INSERT INTO orders VALUES (1), (2)",
      "PRAGMA user_version=7",
    );
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const staged = () => {
    stager("stage");
    return stager("describe", FACTS);
  };

  it("recovers and counts databases, says what each file is, and puts everything back as it was", () => {
    const { bad, databases, files, sha256 } = staged();
    expect({ bad, databases, files }).toEqual({
      bad: [],
      databases: { "shop.db": { version: 7, rows: { orders: 2 } } },
      files: 3,
    });
    // What was in the WAL is in the file, and the lists stand beside the copies.
    expect(readdirSync(copy()).sort()).toEqual(["empty", "index", "link", "naïve file", "shop.db"]);
    expect(readdirSync(join(home, "stage")).sort()).toEqual(["lists", "volumes"]);
    expect(stager("verify", sha256)).toEqual([]);
    const before = lstatSync(volume("naïve file"));
    rmSync(volume(), { recursive: true });
    mkdirSync(volume());
    writeFileSync(volume("what was not there"), "");
    // restic restores for a user who may not give files away.
    chmodSync(copy("naïve file"), 0o600);
    if (isRoot) chownSync(copy("naïve file"), 0, 0);
    expect(stager("fill", FACTS)).toEqual([]);
    const { mode, uid, gid, mtimeMs } = lstatSync(volume("naïve file"));
    expect({ mode, uid, gid, mtimeMs }).toEqual({
      mode: before.mode,
      uid: before.uid,
      gid: before.gid,
      mtimeMs: before.mtimeMs,
    });
    expect([readFileSync(volume("link"), "utf8"), lstatSync(volume("empty")).mode & 0o777]).toEqual(["text", 0o700]);
    expect(readdirSync(volume()).sort()).toEqual(["empty", "index", "link", "naïve file", "shop.db"]);
  });

  it.each<[string, () => unknown, unknown]>([
    ["a file is another", () => writeFileSync(copy("naïve file"), "tex!"), ["naïve file", "is another"]],
    ["a file is gone", () => rmSync(copy("index/1/vectors.bin")), ["index/1/vectors.bin", "is not there"]],
    ["a link leads elsewhere", () => [rmSync(copy("link")), symlinkSync("/etc", copy("link"))], ["link", "is another"]],
    ["a file came to it", () => writeFileSync(copy("new"), ""), ["new", "was not there"]],
    [
      "a file is a folder",
      () => [rmSync(copy("naïve file")), mkdirSync(copy("naïve file"))],
      ["naïve file", "is another"],
    ],
    [
      "its list is another",
      () => writeFileSync(join(home, "stage/lists/data.jsonl"), ""),
      ["lists/data.jsonl", "is not what was written"],
    ],
  ])("finds that %s", (_, change, found) => {
    const { sha256 } = staged();
    change();
    expect(stager("verify", sha256)).toEqual([found]);
  });

  it.each<[string, () => unknown, unknown]>([
    ["vectors are empty", () => writeFileSync(volume("index/1/vectors.bin"), ""), ["index/1/vectors.bin", "is empty"]],
    [
      "vectors are gone",
      () => [rmSync(volume("index/1/vectors.bin")), writeFileSync(volume("index/1/other"), "")],
      ["index/1/vectors.bin", "is not there"],
    ],
    [
      "a database is damaged",
      () => {
        sql(volume("shop.db"), "PRAGMA journal_mode=DELETE");
        const bytes = readFileSync(volume("shop.db"));
        bytes.fill(0x78, 4096, 8192);
        writeFileSync(volume("shop.db"), bytes);
      },
      ["shop.db", expect.any(String)],
    ],
  ])("refuses a copy in which %s", (_, change, found) => {
    change();
    expect(staged().bad).toEqual([found]);
  });

  it("lets a folder of vectors be that was only just made", () => {
    mkdirSync(volume("index/2"));
    expect(staged().bad).toEqual([]);
  });

  it("takes what changed since the first pass, and forgets what is gone", () => {
    stager("stage");
    rmSync(volume("link"));
    sql(volume("shop.db"), "INSERT INTO orders VALUES (3)");
    cpSync(volume("naïve file"), volume("second"));
    const { databases } = staged();
    expect(databases["shop.db"].rows).toEqual({ orders: 3 });
    expect(readdirSync(copy()).sort()).toEqual(["empty", "index", "naïve file", "second", "shop.db"]);
  });

  it.each([
    ["one byte of it is another", (bytes: Uint8Array) => bytes.fill(1, 5_000_000, 5_000_001), 1],
    ["it grows", (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from("more")]), 1],
    ["it shrinks", (bytes: Uint8Array) => bytes.subarray(0, 4_500_000), 0.3],
    ["it is small now", (bytes: Uint8Array) => bytes.subarray(0, 10), 0],
    ["nothing of it changes", (bytes: Uint8Array) => bytes, 0],
  ])("writes of a large file what changed when %s", (_, change, megabytes) => {
    writeFileSync(volume("large"), randomBytes(8_000_000));
    stager("stage");
    writeFileSync(volume("large"), change(readFileSync(volume("large"))));
    const { written } = stager("stage");
    expect(readFileSync(copy("large")).equals(readFileSync(volume("large")))).toBe(true);
    // Databases and small files are written anew when they are fresh: a few kilobytes.
    expect(written).toBeLessThan((megabytes + 0.1) * 2 ** 20);
  });

  it("removes all of it", () => {
    staged();
    stager("clear");
    expect(readdirSync(join(home, "stage"))).toEqual([]);
  });
});

it("copies without Python into archives, tells one that was changed, and gives files to whom they belonged", () => {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-stager-"));
  try {
    const [volume, archive] = [join(home, "volumes/data"), join(home, "stage/volumes/data.tar")];
    for (const folder of [join(volume, "folder"), join(home, "stage")]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(volume, "folder/two words"), "text");
    symlinkSync("folder", join(volume, "link"));
    chmodSync(join(volume, "folder/two words"), 0o640);
    if (isRoot) chownSync(join(volume, "folder/two words"), 1234, 2345);
    const program = STAGE_VOLUMES.replaceAll("/stage", `${home}/stage`).replace("/volumes/$1", `${home}/volumes/$1`);
    const stager = (action: string, hash = "") => {
      const { status, stdout, stderr } = run("sh", ["-c", program, "stager", action, "", "data", hash]);
      expect([status, stderr]).toEqual([0, ""]);
      return JSON.parse(stdout)[0];
    };
    expect(stager("stage")).toEqual({ written: lstatSync(archive).size });
    const described = stager("describe");
    expect(described).toMatchObject({ files: 2, bytes: lstatSync(archive).size, databases: {}, bad: [] });
    expect(stager("verify", described.sha256)).toEqual([]);
    writeFileSync(join(volume, "later"), "text");
    rmSync(join(volume, "folder"), { recursive: true });
    stager("fill");
    expect(readdirSync(volume).sort()).toEqual(["folder", "link"]);
    const { mode, uid } = lstatSync(join(volume, "folder/two words"));
    expect([mode & 0o777, uid]).toEqual([0o640, isRoot ? 1234 : uid]);
    writeFileSync(archive, "other");
    expect(stager("verify", described.sha256)).toEqual([["volumes/data.tar", "is not what was written"]]);
    expect(stager("clear")).toBeUndefined();
    expect(readdirSync(join(home, "stage"))).toEqual([]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
