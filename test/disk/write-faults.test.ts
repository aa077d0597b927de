import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Artifact, type Synthesis, WriteError } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stageFile } from "../../lib/disk/replace-file";
import { type Call, callsOf, closeFiles, failingAt, killedAt, killsOf } from "../support/faults";

vi.mock("node:fs/promises", async (original) => {
  const { faultyFiles } = await import("../support/faults");
  return faultyFiles(await original());
});
vi.mock("../../lib/disk/holder", async (original) => {
  const { processes } = await import("../support/faults");
  return processes(await original());
});

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lamb-compose-faults-"));
  out = join(directory, "out");
});
afterEach(async () => {
  await closeFiles();
  rmSync(directory, { recursive: true });
});

const OLD = { "docs/gone.md": "gone", a: "old a", b: "old b", same: "same" };
const NEW = { a: "new a", b: "new b", "c/d/e": "new e", same: "same" };

function synth(files: Readonly<Record<string, string>>): Synthesis {
  const app = new App();
  for (const [fileName, content] of Object.entries(files)) new Artifact(app, fileName, { fileName, content });
  return app.synth();
}

function tree(root: string): Record<string, string> {
  if (!existsSync(root)) return {};
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(root.length), entry.isDirectory() ? "folder" : readFileSync(path, "utf8")];
  });
  return Object.fromEntries(entries.sort());
}

/** Makes the place that a write starts from. `{}` is a directory without a record. */
async function begin(before: Readonly<Record<string, string>> | undefined): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  if (before === undefined) return;
  mkdirSync(out);
  if (before === OLD) await synth(before).write(out);
}

const write = () => synth(NEW).write(out);

/** The next run does everything, and nothing of an earlier one is left: no temporary file, no lock. */
async function expectRepeatable(what: string): Promise<void> {
  await write();
  expect(await synth(NEW).check(out), what).toEqual([]);
  const names = ["", "/.lamb-compose.json", "/a", "/b", "/c", "/c/d", "/c/d/e", "/same"].slice(1);
  expect(Object.keys(tree(out)).sort(), what).toEqual(names);
}

/** What must not fail in silence. Removing what is not needed any more may. */
const NEEDED: ReadonlySet<Call> = new Set(["open", "writeFile", "sync", "rename", "link", "mkdir"]);

const START = [
  ["an empty place", undefined],
  ["a directory that is there", {}],
  ["what an earlier synthesis wrote", OLD],
] as const;

describe.each(START)("a write over %s", (_, before) => {
  it("that fails at any step leaves everything as it was, or all of it done, and can be repeated", async () => {
    await begin(before);
    const calls = await callsOf(write);
    const codes = new Map<string, number>();
    for (const [step, call] of calls.entries()) {
      await begin(before);
      const there = tree(out);
      const what = `${step}: ${call}`;
      const error = await failingAt(step, write);
      const now = tree(out);
      if (NEEDED.has(call)) expect(error, what).toBeInstanceOf(WriteError);
      if (call !== "rm")
        expect(
          Object.keys(now).filter((path) => /\.(tmp|lock)$/.test(path)),
          what,
        ).toEqual([]);
      if (error === undefined || Reflect.get(Object(error), "code") === "half-done") {
        // Only the record is not yet what it will be, and what was to be removed is there: every file is written.
        for (const [path, text] of Object.entries(NEW)) expect(now[`/${path}`], what).toBe(text);
      } else {
        expect(String(error), what).toContain("ENOSPC");
        expect(now, what).toEqual(there);
      }
      const code = String(error === undefined ? "done" : Reflect.get(Object(error), "code"));
      codes.set(code, (codes.get(code) ?? 0) + 1);
      // A folder that could not be removed when it was empty stays.
      if (call === "rmdir") rmSync(join(out, "docs"), { recursive: true, force: true });
      await expectRepeatable(what);
    }
    expect(codes.get("cannot-write")).toBeGreaterThan(20);
  }, 60_000);

  it("that is killed before or behind any call can be repeated, and no file is half written", async () => {
    await begin(before);
    const calls = await callsOf(write);
    for (const { step, call, moment } of killsOf(calls)) {
      await begin(before);
      const there = tree(out);
      await killedAt(step, moment, write);
      const what = `${moment} ${step}: ${call}`;
      for (const [path, text] of Object.entries(tree(out))) {
        if (path.endsWith(".tmp") || path.startsWith("/.lamb-compose.")) continue;
        expect([there[path], Reflect.get(NEW, path.slice(1)), "folder"], what).toContain(text);
      }
      await expectRepeatable(what);
    }
  }, 60_000);
});

describe("a failure that cannot be undone, either", () => {
  it("says so, with both reasons, and the write can be repeated", async () => {
    await begin(OLD);
    const calls = await callsOf(write);
    const lastFile = calls.lastIndexOf("rename", calls.indexOf("rmdir"));
    for (const step of calls.keys()) {
      await begin(OLD);
      // The folder of a new file cannot be removed again, nor anything else.
      const error = await failingAt(step, write, { andAllLater: true });
      if (step > calls.indexOf("rename") + 1 && step <= lastFile) {
        expect(error, `${step}`).toMatchObject({ code: "half-done" });
        expect(String(error)).toMatch(/no space left.*; then .*no space left/);
      } else if (error !== undefined) expect(error, `${step}`).toBeInstanceOf(WriteError);
      rmSync(join(out, "docs"), { recursive: true, force: true });
      await expectRepeatable(`${step}`);
    }
  }, 60_000);

  it("does not take away what somebody else put into a folder that it made", async () => {
    await begin(undefined);
    const calls = await callsOf(write);
    for (const step of calls.keys()) {
      await begin(undefined);
      let isThere = false;
      await failingAt(step, write, {
        first: () => {
          isThere = existsSync(join(out, "c/d"));
          if (isThere) writeFileSync(join(out, "c/d/theirs"), "t");
        },
      });
      if (isThere) expect(readFileSync(join(out, "c/d/theirs"), "utf8"), `${step}`).toBe("t");
    }
  }, 60_000);
});

it.each([
  ["what is secret", { secret: true }],
  [
    "a file that only its owner may read",
    { before: { mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 } },
  ],
] as const)("what is written for %s can be opened by nobody else, at no moment", async (_, options) => {
  const stage = () => stageFile(join(directory, "target"), "s3cret", options);
  const calls = await callsOf(stage);
  // It is on the disk before it takes another file's place.
  expect(calls.lastIndexOf("sync")).toBeGreaterThan(calls.indexOf("writeFile"));
  for (const { step, moment } of killsOf(calls)) {
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    await killedAt(step, moment, stage);
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
  }
});
