import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { COPIER } from "../../../lib/operate/generated/programs";
import { describeWith, run } from "../../support/tools";

const OLD = new Date("2026-01-01T00:00:00Z");

/** What the program is told of a volume. */
interface About {
  readonly databases?: readonly string[];
  readonly writtenOnce?: readonly string[];
  readonly places?: readonly string[] | null;
}

describeWith("python", "the program that copies volumes", () => {
  let home: string;
  const from = (...path: readonly string[]) => join(home, "from/0", ...path);
  const to = (...path: readonly string[]) => join(home, "to/0", ...path);
  /** The program with its mounts below a folder of the test. */
  const program = () =>
    COPIER.replaceAll('"/from/', `"${home}/from/`)
      .replaceAll('"/to/', `"${home}/to/`)
      .replaceAll('"/all"', `"${home}"`);
  const copier = (action: string, { databases = [], writtenOnce = [], places = null }: About) => {
    return run("python3", ["-c", program(), action, JSON.stringify([{ databases, writtenOnce, places }])]);
  };
  const answer = (action: string, about: About = {}) => {
    const { status, stdout, stderr } = copier(action, about);
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout)[0];
  };
  const put = (path: string, text: string) => {
    writeFileSync(path, text);
    utimesSync(path, OLD, OLD);
  };
  const sql = (path: string, ...statements: readonly string[]) => {
    const lines = [
      "import sqlite3, sys, os",
      "c = sqlite3.connect(sys.argv[1])",
      "for s in sys.argv[2:]: c.execute(s)",
    ];
    const { status, stderr } = run("python3", [
      "-c",
      [...lines, "c.commit()", "os._exit(0)"].join("\n"),
      path,
      ...statements,
    ]);
    expect([status, stderr]).toEqual([0, ""]);
  };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-copier-"));
    for (const folder of [from("deep/er"), to()]) mkdirSync(folder, { recursive: true });
    put(from("deep/er/file"), "text");
    symlinkSync("er/file", from("deep/link"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("makes a copy with times and links, and leaves alone what is the same", () => {
    expect(answer("sync")).toMatchObject({ files: 1 });
    expect(readFileSync(to("deep/link"), "utf8")).toBe("text");
    expect(statSync(to("deep/er/file")).mtimeMs).toBe(OLD.getTime());
    expect(answer("sync")).toEqual({ files: 1, written: 0 });
  });

  it("compares what was written a moment ago once more, and gives it its time in the last pass", () => {
    writeFileSync(from("new"), "text");
    answer("sync");
    expect(statSync(to("new")).mtimeMs).toBe(0);
    expect(answer("take")).toMatchObject({ bad: [] });
    expect(statSync(to("new")).mtimeMs).toBeCloseTo(statSync(from("new")).mtimeMs, 2);
    expect(answer("compare")).toEqual({ added: 0, changed: 0, removed: 0 });
  });

  it("takes what changed since, and takes away what is no more, whatever a trial has done to the copy", () => {
    answer("sync");
    put(to("deep/er/file"), "changed in the copy");
    writeFileSync(to("added"), "by the trial");
    rmSync(to("deep/link"));
    mkdirSync(to("deep/link"));
    put(from("new"), "new");
    answer("sync");
    expect(readFileSync(to("deep/er/file"), "utf8")).toBe("text");
    expect([readFileSync(to("deep/link"), "utf8"), readFileSync(to("new"), "utf8")]).toEqual(["text", "new"]);
    expect(() => statSync(to("added"))).toThrow();
    expect(answer("compare")).toEqual({ added: 0, changed: 0, removed: 0 });
  });

  it("copies once more what was written a moment before: it may be written again within a tick of the clock", () => {
    writeFileSync(from("deep/er/file"), "one");
    answer("sync");
    // To the nanosecond, which Node.js cannot set.
    run("touch", ["--reference", from("deep/er/file"), join(home, "time")]);
    writeFileSync(from("deep/er/file"), "two");
    run("touch", ["--reference", join(home, "time"), from("deep/er/file")]);
    answer("sync");
    expect(readFileSync(to("deep/er/file"), "utf8")).toBe("two");
  });

  it("copies a database that a killed program left, with all that was written, and finds it sound", () => {
    sql(from("app.db"), "PRAGMA journal_mode=WAL", "CREATE TABLE t (n)", "INSERT INTO t VALUES (7)");
    expect(statSync(from("app.db-wal")).size).toBeGreaterThan(0);
    expect(answer("take", { databases: ["app.db"] })).toMatchObject({ databases: ["app.db"], bad: [] });
    const asked = run("python3", [
      "-c",
      "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT n FROM t').fetchall())",
      to("app.db"),
    ]);
    expect(asked.stdout).toBe("[(7,)]\n");
    expect(() => statSync(to("app.db-wal"))).toThrow();
  });

  it("says the same of a database until what is defined in it changes, whatever people write, and nothing of one it cannot read", () => {
    mkdirSync(to("deep"));
    sql(to("deep/app.db"), "PRAGMA journal_mode=WAL", "CREATE TABLE t (n)", "INSERT INTO t VALUES (7)");
    writeFileSync(to("broken.db"), `SQLite format 3\0${"x".repeat(2000)}`);
    writeFileSync(to("none.db"), "text");
    const layout = () => answer("layout");
    const before = layout();
    expect(before).toEqual({ "deep/app.db": expect.stringMatching(/^[\da-f]{64}$/), "broken.db": null });
    sql(to("deep/app.db"), "INSERT INTO t VALUES (8)", "ANALYZE");
    expect(layout()).toEqual(before);
    const seen = new Set([before["deep/app.db"]]);
    for (const change of ["ALTER TABLE t ADD COLUMN m", "CREATE INDEX i ON t (n)", "PRAGMA user_version = 3"]) {
      sql(to("deep/app.db"), change);
      seen.add(layout()["deep/app.db"]);
    }
    expect(seen.size).toBe(4);
  });

  it("says which database is not sound, is none any more, or is gone", () => {
    for (const name of ["one.db", "two.db", "three.db"])
      sql(from(name), "CREATE TABLE t (n)", "INSERT INTO t VALUES (1)");
    answer("sync");
    const bytes = readFileSync(to("one.db"));
    writeFileSync(to("one.db"), Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, "x")]));
    writeFileSync(to("two.db"), "nothing");
    rmSync(to("three.db"));
    const { bad } = answer("check", { databases: ["two.db", "three.db", "never-there.db"] });
    expect(bad).toEqual([
      ["one.db", expect.any(String)],
      ["two.db", "is not a SQLite database any more"],
      ["three.db", "is gone"],
    ]);
  });

  it("says how far it is, while it copies, of all that there is", () => {
    put(from("large"), "x".repeat(3 << 20));
    put(from("small"), "abc");
    const told = program().replace(/^EVERY = \d+$/m, "EVERY = 0");
    const { stderr } = run("python3", ["-c", told, "sync", JSON.stringify([{ writtenOnce: [], places: null }])]);
    const all = (3 << 20) + 3 + "text".length;
    const far = [1 << 20, 2 << 20, 3 << 20, 3 << 20, (3 << 20) + 3, (3 << 20) + 3, all, all];
    expect(stderr).toBe(far.map((done) => `done ${done} of ${all}\n`).join(""));
  });

  it("counts, and what was written since", () => {
    const { files, bytes, free } = answer("measure");
    expect([files, bytes > 0, free > 0]).toEqual([1, true, true]);
    answer("sync");
    put(from("new"), "new");
    writeFileSync(from("deep/er/file"), "other");
    rmSync(from("deep/link"));
    writeFileSync(to("only there"), "");
    expect(answer("compare")).toEqual({ added: 1, changed: 1, removed: 1 });
  });

  it("shares what is written once, and nothing else, whatever it is called", () => {
    put(from("one.pdf"), "document");
    put(from("deep/two.pdf"), "document");
    put(from("note.md"), "note");
    sql(from("trap.pdf"), "CREATE TABLE t (n)");
    utimesSync(from("trap.pdf"), OLD, OLD);
    const about = { writtenOnce: ["*.pdf"], places: ["from/0", "to/0"] };
    const inode = (path: string) => statSync(path).ino;
    expect(answer("measure", about).shared).toBeGreaterThan(0);
    answer("sync", about);
    for (const name of ["one.pdf", "deep/two.pdf"]) expect(inode(to(name)), name).toBe(inode(from(name)));
    for (const name of ["note.md", "trap.pdf", "deep/er/file"])
      expect(inode(to(name)), name).not.toBe(inode(from(name)));
    expect(answer("sync", about).written).toBe(0);
    expect(statSync(from("one.pdf")).mtimeMs).toBe(OLD.getTime());
    // What takes the place of a file is shared anew; what is gone leaves the copy, and not the original.
    rmSync(from("one.pdf"));
    put(from("one.pdf"), "another document");
    rmSync(from("deep/two.pdf"));
    answer("sync", about);
    expect(readFileSync(to("one.pdf"), "utf8")).toBe("another document");
    expect(() => statSync(to("deep/two.pdf"))).toThrow();
    rmSync(to("one.pdf"));
    expect(readFileSync(from("one.pdf"), "utf8")).toBe("another document");
    // Where nothing can be shared, all is copied.
    answer("sync", { ...about, places: ["nowhere", "to/0"] });
    expect(inode(to("one.pdf"))).not.toBe(inode(from("one.pdf")));
    expect(readFileSync(to("one.pdf"), "utf8")).toBe("another document");
  });
});
