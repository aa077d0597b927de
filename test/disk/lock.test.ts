import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LEASE, thisProcess } from "../../lib/disk/holder";
import { takeLock } from "../../lib/disk/lock";
import { replaceFile } from "../../lib/disk/replace-file";
import { run } from "../support/tools";

let dir = "";
let path = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-lock-"));
  path = join(dir, "a.lock");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const heldBy = (holder: object) => writeFileSync(path, JSON.stringify({ id: "0123456789abcdef", ...holder }));
/** A process that has ended. */
const ended = () => Number(run("sh", ["-c", "echo $$"]).stdout);
const age = (milliseconds: number) => {
  const time = new Date(Date.now() - milliseconds);
  utimesSync(path, time, time);
};
const inUse = { code: "in-use", path: "what" };

/** Work that waits: time passes as fast as the disk answers. At each second of it `each` is done. */
async function hurried<T>(work: () => Promise<T>, each = () => {}): Promise<T> {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval"] });
  try {
    let isOver = false;
    const result = work().finally(() => {
      isOver = true;
    });
    result.catch(() => {});
    while (!isOver) {
      each();
      await vi.advanceTimersByTimeAsync(1000);
      await new Promise(setImmediate);
    }
    return await result;
  } finally {
    vi.useRealTimers();
  }
}

describe("a lock", () => {
  it("is one run's at a time, and leaves nothing", async () => {
    const lock = await takeLock(path, "what");
    await expect(takeLock(path, "what")).rejects.toMatchObject(inUse);
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
    await (await takeLock(path, "what")).release();
  });

  it.each([
    ["has ended", () => ({ ...thisProcess(), pid: ended() })],
    ["is another one by now, with the same number", () => ({ ...thisProcess(), start: "1" })],
  ])("is none when its process %s, however new it is", async (_, holder) => {
    heldBy(holder());
    const lock = await takeLock(path, "what");
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject(thisProcess());
    expect(readdirSync(dir)).toEqual(["a.lock"]);
    await lock.release();
  });

  it.each([
    ["of another host or container", () => ({ ...thisProcess(), scope: "ffffffff" })],
    ["that does not say whose it is", () => ({})],
  ])("%s counts as long as it shows signs of life", async (_, holder) => {
    heldBy(holder());
    await expect(takeLock(path, "what")).rejects.toMatchObject(inUse);
    age(LEASE + 1000);
    await (await hurried(() => takeLock(path, "what"))).release();
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ["jumps forwards by a day", 86_400_000],
    ["jumps backwards by a day", -86_400_000],
  ])("of another host counts while that shows signs of life, though a clock %s", async (_, jump) => {
    heldBy({ ...thisProcess(), scope: "ffffffff" });
    let second = 0;
    const sign = () => {
      if (second++ % 10 === 9) age(jump - second);
    };
    age(jump);
    await expect(hurried(() => takeLock(path, "what"), sign)).rejects.toMatchObject(inUse);
    // Its holder is gone: nothing comes, whatever the clocks say.
    await (await hurried(() => takeLock(path, "what"))).release();
  });

  it("of a process whose name looks like the end of another one counts", async () => {
    const named = "open('/proc/self/comm', 'w').write(') Z 1 (x'); print(1, flush=True); import sys; sys.stdin.read()";
    const child = spawn("python3", ["-c", named], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
      expect(stat).toContain("() Z 1 (x)");
      const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      heldBy({ ...thisProcess(), pid: child.pid, start });
      await expect(takeLock(path, "what")).rejects.toMatchObject(inUse);
    } finally {
      child.stdin.end();
      await once(child, "close");
    }
  });

  it("of a process that has ended is none, though nobody has asked yet how it ended", async () => {
    const forked = "import os, sys; pid = os.fork() or os._exit(0); print(pid, flush=True); sys.stdin.read()";
    const parent = spawn("python3", ["-c", forked], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const [printed] = await once(parent.stdout, "data");
      const stat = () => readFileSync(`/proc/${Number(printed)}/stat`, "utf8");
      await expect.poll(stat).toContain(") Z ");
      heldBy({
        ...thisProcess(),
        pid: Number(printed),
        start: stat()
          .slice(stat().lastIndexOf(")") + 2)
          .split(" ")[19],
      });
      await (await takeLock(path, "what")).release();
    } finally {
      parent.stdin.end();
      await once(parent, "close");
    }
  });

  it("whose text names a path is none but its holder's: no file is made or removed there", async () => {
    const other = join(dir, "x.claim");
    writeFileSync(other, "theirs");
    heldBy({ ...thisProcess(), pid: ended(), id: "/../x" });
    await (await takeLock(path, "what")).release();
    expect(readdirSync(dir)).toEqual(["x.claim"]);
    expect(readFileSync(other, "utf8")).toBe("theirs");
  });

  it("takes away what those left who were killed while they took it", async () => {
    writeFileSync(`${path}.0123456789abcdef.claim`, "{}");
    writeFileSync(`${path}.txt`, "theirs");
    await (await takeLock(path, "what")).release();
    expect(readdirSync(dir)).toEqual(["a.lock.txt"]);
  });

  it("of a process that lives counts, however old it is", async () => {
    const lock = await takeLock(path, "what");
    age(100 * LEASE);
    await expect(takeLock(path, "what")).rejects.toMatchObject(inUse);
    await lock.release();
  });

  it("that is left over is taken by one of many, even where others died while they took it", async () => {
    const gone = { ...thisProcess(), pid: ended() };
    heldBy(gone);
    writeFileSync(`${path}.0123456789abcdef.claim`, JSON.stringify({ ...gone, id: "fedcba9876543210" }));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path, "what")));
    const [won, ...others] = results.filter(({ status }) => status === "fulfilled");
    expect(others).toEqual([]);
    expect(readdirSync(dir).filter((name) => !name.endsWith(".tmp"))).toEqual(["a.lock"]);
    if (won?.status === "fulfilled") await won.value.release();
  });

  it("that has become another run's is not removed", async () => {
    const lock = await takeLock(path, "what");
    heldBy({ ...thisProcess(), scope: "ffffffff" });
    await lock.release();
    expect(existsSync(path)).toBe(true);
  });
});

it("a file that is replaced takes what a killed run left of it with it", async () => {
  const target = join(dir, "settings");
  writeFileSync(`${target}.${ended()}-1-${thisProcess().scope}-0123456789ab.tmp`, "s3cret");
  await replaceFile(target, "new");
  expect(readdirSync(dir)).toEqual(["settings"]);
});
