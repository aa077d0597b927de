import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ImageLock } from "lamb-compose";
import { afterEach, describe, expect, it } from "vitest";
import { readLock, writeLock } from "../../../lib/operate/lock/file";
import { lockOf } from "../../support/locks";
import { directoryWith, removeDirectories } from "./directory";

afterEach(removeDirectories);

describe("the file of a lock", () => {
  it("need not be there", async () => {
    const dir = directoryWith({});
    expect(await readLock(dir)).toMatchObject({ text: undefined, lock: undefined });
    expect(await readLock(join(dir, "nowhere"))).toMatchObject({ text: undefined, lock: undefined });
  });

  it("is written whole, readable for others, and leaves nothing beside it", async () => {
    const dir = directoryWith({});
    const lock = lockOf({ "a:1": "a" });
    expect(await writeLock(await readLock(dir), lock)).toBe(true);
    const path = join(dir, ImageLock.fileName);
    expect(readFileSync(path, "utf8")).toBe(lock.toString());
    expect(statSync(path).mode & 0o777).toBe(0o644 & ~process.umask());
    expect(readdirSync(dir).sort()).toEqual([".lamb-compose.json", ImageLock.fileName]);
    expect((await readLock(dir)).lock?.images).toEqual(lock.images);
    expect(await writeLock(await readLock(dir), lock)).toBe(false);
  });

  it("is not read where it is no file, and not written over it", async () => {
    const dir = directoryWith({});
    const path = join(dir, ImageLock.fileName);
    const before = await readLock(dir);
    mkdirSync(path);
    await expect(readLock(dir)).rejects.toMatchObject({ code: "not-a-file", path });
    await expect(writeLock(before, lockOf({}))).rejects.toMatchObject({ code: "not-a-file", path });
    expect(readdirSync(dir)).not.toContainEqual(expect.stringMatching(/\.tmp$/));
  });

  it("is not written where its folder is gone", async () => {
    const dir = directoryWith({});
    const nowhere = await readLock(join(dir, "nowhere"));
    await expect(writeLock(nowhere, lockOf({}))).rejects.toMatchObject({ code: "cannot-write" });
  });
});
