import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLock } from "lamb-compose";
import { afterEach, describe, expect, it } from "vitest";
import { updateLock } from "../../../lib/operate/lock/update";
import { lockOf } from "../../support/locks";
import { compose, digest, directoryWith, FakeRegistries, lockIn, removeDirectories } from "./directory";

afterEach(removeDirectories);

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly lock?: ImageLock;
  readonly content?: Readonly<Record<string, string>>;
  readonly update?: readonly string[] | "all";
}

/** What locking does: changes by image, what the lock has then, and what was asked for. */
async function updated({ files, lock, content = {}, update = [] }: Case) {
  const dir = directoryWith(files, lock);
  const client = new FakeRegistries(content);
  const { changes, stale, open, written } = await updateLock({ dir, update, client });
  const images = existsSync(join(dir, ImageLock.fileName)) ? [...lockIn(dir).images] : [];
  return {
    changes: Object.fromEntries(changes.map(({ image, kind }) => [image, kind])),
    lock: Object.fromEntries(images.map(([name, image]) => [name, image.digest.at(-1)])),
    stale: stale.map(({ file, reference }) => `${file} ${reference.name}`),
    open,
    written,
    asked: client.asked,
  };
}

describe("locking", () => {
  it("asks for what is missing, drops what no file names, and keeps the rest", async () => {
    const files = { "compose.yaml": compose("redis:7", `nginx:1@${digest("b")}`), "x/Dockerfile": "FROM python:3" };
    const lock = lockOf({ "nginx:1": "b", "gone:1": "c" });
    const content = { "redis:7": "1", "python:3": "2", "nginx:1": "9" };
    expect(await updated({ files, lock, content })).toEqual({
      changes: { "gone:1": "dropped", "nginx:1": "kept", "python:3": "added", "redis:7": "added" },
      lock: { "nginx:1": "b", "python:3": "2", "redis:7": "1" },
      stale: ["compose.yaml redis:7", "x/Dockerfile python:3"],
      open: [],
      written: true,
      asked: ["python:3", "redis:7"],
    });
  });

  it("asks nobody, and writes nothing, when all is there", async () => {
    const files = { "compose.yaml": compose(`redis:7@${digest("a")}`) };
    const dir = directoryWith(files, lockOf({ "redis:7": "a" }));
    const before = statSync(join(dir, ImageLock.fileName)).mtimeMs;
    const client = new FakeRegistries({});
    const result = await updateLock({ dir, update: [], client });
    expect(result).toMatchObject({ written: false, stale: [], changes: [{ image: "redis:7", kind: "kept" }] });
    expect(client.asked).toEqual([]);
    expect(statSync(join(dir, ImageLock.fileName)).mtimeMs).toBe(before);
  });

  it("asks once for an image that has several names and places", async () => {
    const files = { "a.yaml": compose("redis:7", "docker.io/library/redis:7"), "b.yaml": compose("redis:7") };
    expect(await updated({ files, content: { "redis:7": "1" } })).toMatchObject({
      asked: ["redis:7"],
      lock: { "redis:7": "1" },
    });
  });

  it("keeps the digest by which files name an image already: only an update brings another one", async () => {
    const files = { "compose.yaml": compose(`redis:7@${digest("a")}`, "redis:7") };
    const content = { "redis:7": "b", "redis@a": "a" };
    expect(await updated({ files, content })).toMatchObject({
      asked: ["redis@a"],
      lock: { "redis:7": "a" },
      stale: ["compose.yaml redis:7"],
    });
    expect(await updated({ files, content, update: ["redis:7"] })).toMatchObject({
      asked: ["redis:7"],
      lock: { "redis:7": "b" },
      stale: ["compose.yaml redis:7", "compose.yaml redis:7"],
    });
  });

  it("leaves alone what has a digest and no tag", async () => {
    const files = { "compose.yaml": compose(`redis@${digest("a")}`) };
    expect(await updated({ files })).toEqual({ changes: {}, lock: {}, stale: [], open: [], written: false, asked: [] });
  });

  it("says which names could not be told", async () => {
    const files = { "compose.yaml": compose("redis:7", "'x:${V}'") };
    expect(await updated({ files, content: { "redis:7": "1" } })).toMatchObject({
      lock: { "redis:7": "1" },
      open: [{ file: "compose.yaml", text: "x:${V}" }],
    });
  });

  it("leaves an empty lock where there was one and nothing is named any more", async () => {
    expect(await updated({ files: { "compose.yaml": "services: {}\n" }, lock: lockOf({ "x:1": "a" }) })).toMatchObject({
      changes: { "x:1": "dropped" },
      lock: {},
      written: true,
    });
  });

  it("refuses two digests of one tag, unless the tag is renewed", async () => {
    const files = { "a.yaml": compose(`x:1@${digest("a")}`), "b.yaml": compose(`x:1@${digest("b")}`) };
    await expect(updated({ files })).rejects.toMatchObject({
      code: "two-digests",
      path: "x:1",
      reason: expect.stringContaining("a.yaml and b.yaml"),
    });
    expect(await updated({ files, update: ["x"], content: { "x:1": "c" } })).toMatchObject({ lock: { "x:1": "c" } });
  });
});

describe("an update", () => {
  const files = { "compose.yaml": compose("redis:7", "redis:8", "ghcr.io/a/b:1") };
  const lock = lockOf({ "redis:7": "1", "redis:8": "2", "ghcr.io/a/b:1": "3" });
  const content = { "redis:7": "a", "redis:8": "2", "ghcr.io/a/b:1": "c" };

  it.each<[readonly string[] | "all", Readonly<Record<string, string>>]>([
    [["redis:7"], { "redis:7": "updated", "redis:8": "kept", "ghcr.io/a/b:1": "kept" }],
    [["docker.io/library/redis:7"], { "redis:7": "updated", "redis:8": "kept", "ghcr.io/a/b:1": "kept" }],
    [["redis"], { "redis:7": "updated", "redis:8": "same", "ghcr.io/a/b:1": "kept" }],
    [["redis:8", "ghcr.io/a/b"], { "redis:7": "kept", "redis:8": "same", "ghcr.io/a/b:1": "updated" }],
    ["all", { "redis:7": "updated", "redis:8": "same", "ghcr.io/a/b:1": "updated" }],
  ])("of %j", async (update, changes) => {
    const result = await updated({ files, lock, content, update });
    expect(result.changes).toEqual(changes);
    const renewed = Object.entries(changes).flatMap(([image, kind]) => (kind === "kept" ? [] : [image]));
    expect([...result.asked].sort()).toEqual(renewed.sort());
    expect(result.lock["redis:7"]).toBe(changes["redis:7"] === "updated" ? "a" : "1");
  });

  it.each([
    ["redi", /^did you mean redis\?$/],
    ["redis:9", /^did you mean redis:[78]\?/],
    ["Nothing like it", /^use one of ghcr\.io\/a\/b:1, redis:7, redis:8$/],
  ])("of what no file names is an error: %s", async (word, fix) => {
    const dir = directoryWith(files, lock);
    const client = new FakeRegistries(content);
    await expect(updateLock({ dir, update: ["redis:7", word], client })).rejects.toMatchObject({
      code: "not-mentioned",
      path: word,
      fix: expect.stringMatching(fix),
    });
    expect([client.asked, lockIn(dir).toString()]).toEqual([[], lock.toString()]);
  });
});

describe("locking that fails", () => {
  const files = { "compose.yaml": compose("a:1", "b:1", "c:1", "ghcr.io/d:1", "e:1") };

  it("says every image's problem, each once, and leaves the lock as it was", async () => {
    const content = { "a:1": "1", "b:1": "no-network", "c:1": "no-network", "ghcr.io/d:1": "no-access", "e:1": "2" };
    for (const lock of [undefined, lockOf({ "a:1": "9" })]) {
      const dir = directoryWith(files, lock);
      const before = readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")]);
      const client = new FakeRegistries(content);
      const error = await updateLock({ dir, update: "all", client }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "not-locked", fix: "correct them, and run this again" });
      const { reason } = Object(error);
      expect(reason).toMatch(/^2 problems; nothing was written\n/);
      expect(reason).toContain("\n  - no-network at b:1, c:1: docker.io says no\n    fix: do something");
      expect(reason).toContain("\n  - no-access at ghcr.io/d:1: ghcr.io says no\n");
      expect(client.asked).toHaveLength(5);
      expect(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")])).toEqual(before);
    }
  });

  it("with one problem has its code", async () => {
    const content = { "a:1": "1", "b:1": "2", "c:1": "rate-limited", "ghcr.io/d:1": "3", "e:1": "4" };
    await expect(updated({ files, content })).rejects.toMatchObject({ code: "rate-limited", path: "c:1" });
  });

  it("passes on what is no problem of a registry", async () => {
    const dir = directoryWith(files);
    const client = { describe: () => Promise.reject(new RangeError("a mistake")) };
    await expect(updateLock({ dir, update: [], client })).rejects.toBeInstanceOf(RangeError);
  });

  it("does not overwrite what somebody else locked meanwhile", async () => {
    const dir = directoryWith({ "compose.yaml": compose("a:1") });
    const path = join(dir, ImageLock.fileName);
    const other = lockOf({ "a:1": "7" }).toString();
    const client = new FakeRegistries({ "a:1": "1" });
    const meanwhile = {
      describe: (...words: Parameters<FakeRegistries["describe"]>) => {
        writeFileSync(path, other);
        return client.describe(...words);
      },
    };
    await expect(updateLock({ dir, update: [], client: meanwhile })).rejects.toMatchObject({
      code: "changed-meanwhile",
      path,
    });
    expect(readFileSync(path, "utf8")).toBe(other);
    expect(readdirSync(dir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("takes no lock that is none for an empty one", async () => {
    const dir = directoryWith(files, "{");
    await expect(updateLock({ dir, update: "all", client: new FakeRegistries({}) })).rejects.toMatchObject({
      code: "bad-lock",
    });
    expect(readFileSync(join(dir, ImageLock.fileName), "utf8")).toBe("{");
  });
});
