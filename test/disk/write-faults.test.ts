import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Artifact, type Synthesis, WriteError } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** Stands before the calls that change the disk: lets them through, makes them fail, or never comes back. */
const fault = vi.hoisted(() => {
  const state = {
    calls: [] as string[],
    before: async (_call: string): Promise<void> => {},
    opened: [] as { close(): Promise<void> }[],
  };
  return {
    state,
    async pass(call: string): Promise<void> {
      state.calls.push(call);
      await state.before(call);
    },
  };
});

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const open: typeof real.open = async (path, flags, mode) => {
    await fault.pass("open");
    const file = await real.open(path, flags, mode);
    fault.state.opened.push(file);
    const [write, sync] = [file.writeFile.bind(file), file.sync.bind(file)];
    file.writeFile = async (data, options) => {
      await write(String(data).slice(0, 3), options);
      await fault.pass("writeFile");
      await write(String(data).slice(3), options);
    };
    file.sync = async () => {
      await fault.pass("sync");
      await sync();
    };
    return file;
  };
  const rename: typeof real.rename = async (from, to) => {
    await fault.pass("rename");
    await real.rename(from, to);
  };
  return { ...real, open, rename };
});

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lamb-compose-faults-"));
  out = join(directory, "out");
});
afterEach(async () => {
  fault.state.before = async () => {};
  // A write that was cut off never closes its file.
  await Promise.all(fault.state.opened.splice(0).map((file) => file.close()));
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
async function begin(before: Readonly<Record<string, string>> | undefined, place: string): Promise<void> {
  if (before === undefined) return;
  mkdirSync(place);
  if (before === OLD) await synth(before).write(place);
}

/** The calls that a write makes when nothing fails. */
async function callsOf(before: Readonly<Record<string, string>> | undefined): Promise<readonly string[]> {
  const trial = join(directory, "trial");
  await begin(before, trial);
  fault.state.calls.length = 0;
  await synth(NEW).write(trial);
  rmSync(trial, { recursive: true });
  return [...fault.state.calls];
}

const START = [
  ["an empty place", undefined],
  ["a directory that is there", {}],
  ["what an earlier synthesis wrote", OLD],
] as const;

describe.each(START)("a write over %s", (_, before) => {
  it("that fails at any step leaves everything as it was, or all of it done, and can be repeated", async () => {
    const calls = await callsOf(before);
    // The last step of a write that has something to remove is the record without it.
    const last = before !== OLD ? calls.length - 1 : calls.lastIndexOf("rename", calls.length - 2);
    expect(last).toBeGreaterThan(10);
    for (const [step, call] of calls.entries()) {
      rmSync(out, { recursive: true, force: true });
      await begin(before, out);
      const there = tree(out);
      let count = 0;
      fault.state.before = async () => {
        if (count++ === step) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
      };
      const error = await synth(NEW)
        .write(out)
        .catch((thrown: unknown) => thrown);
      fault.state.before = async () => {};
      expect(error, `${step}: ${call}`).toBeInstanceOf(WriteError);
      expect(String(error)).toContain("ENOSPC");
      const now = tree(out);
      expect(Object.keys(now).filter((path) => path.endsWith(".tmp"))).toEqual([]);
      if (step <= last) {
        expect(error).toMatchObject({ code: "cannot-write" });
        expect(now, `${step}: ${call}`).toEqual(there);
      } else {
        // Only the record is not yet what it will be: every file is.
        expect(error).toMatchObject({ code: "half-done" });
        for (const [path, text] of Object.entries(NEW)) expect(now[`/${path}`]).toBe(text);
      }
      await synth(NEW).write(out);
      expect(await synth(NEW).check(out)).toEqual([]);
      expect(existsSync(join(out, "docs"))).toBe(false);
    }
  });

  it("that is cut off at any step can be repeated, and no file is half written", async () => {
    const calls = await callsOf(before);
    for (const step of calls.keys()) {
      rmSync(out, { recursive: true, force: true });
      await begin(before, out);
      const there = tree(out);
      let count = 0;
      await new Promise<void>((resolve) => {
        fault.state.before = () => {
          if (count++ !== step) return Promise.resolve();
          resolve();
          return new Promise(() => {});
        };
        void synth(NEW).write(out);
      });
      const crashed = join(directory, "crashed");
      cpSync(out, crashed, { recursive: true });
      fault.state.before = async () => {};
      for (const [path, text] of Object.entries(tree(crashed))) {
        if (path.endsWith(".tmp") || path === "/.lamb-compose.json") continue;
        expect([there[path], Reflect.get(NEW, path.slice(1)), "folder"], path).toContain(text);
      }
      await synth(NEW).write(crashed);
      expect(await synth(NEW).check(crashed)).toEqual([]);
      expect(existsSync(join(crashed, "docs"))).toBe(false);
      rmSync(crashed, { recursive: true });
    }
  });
});

describe("a failure that cannot be undone, either", () => {
  it("says so, with both reasons, and the write can be repeated", async () => {
    await synth(OLD).write(out);
    let renames = 0;
    fault.state.before = async (call) => {
      if (call === "rename" && ++renames === 3) throw new Error("first trouble");
      if (renames >= 3) throw new Error("second trouble");
    };
    const error = await synth(NEW)
      .write(out)
      .catch((thrown: unknown) => thrown);
    fault.state.before = async () => {};
    expect(error).toMatchObject({ code: "half-done" });
    expect(String(error)).toMatch(/first trouble; then second trouble/);
    await synth(NEW).write(out);
    expect(await synth(NEW).check(out)).toEqual([]);
  });
});
