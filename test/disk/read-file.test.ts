import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readContent, readContentSync, readExistingText, readText } from "../../lib/disk/read-file";
import { run } from "../support/tools";

let dir = "";
let path = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-read-"));
  path = join(dir, "a");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** What reading is refused with, in both ways. */
async function refusal(limit?: number): Promise<unknown> {
  const error: unknown = await readContent(path, { limit }).catch((thrown: unknown) => thrown);
  expect(() => readContentSync(path, { limit })).toThrow(
    expect.objectContaining({ message: String(Reflect.get(Object(error), "message")) }),
  );
  return error;
}

describe("a file", () => {
  it.each([0, 1, 65_535, 65_536, 200_000])("is read whole: %i bytes", async (size) => {
    const bytes = Buffer.alloc(size, "é");
    writeFileSync(path, bytes);
    symlinkSync("a", join(dir, "link"));
    expect((await readContent(path, { limit: size }))?.bytes.equals(bytes)).toBe(true);
    expect(readContentSync(join(dir, "link"))?.bytes.equals(bytes)).toBe(true);
  });

  it("need not be there", async () => {
    expect(await readText(path)).toBeUndefined();
    expect(await readText(join(path, "b"))).toBeUndefined();
    await expect(readExistingText(path, { fix: "x" })).rejects.toMatchObject({ code: "cannot-read", path, fix: "x" });
  });

  it("is refused when it is too large", async () => {
    writeFileSync(path, "12345");
    expect(await refusal(4)).toMatchObject({ code: "too-large", path });
  });

  it.runIf(process.platform === "linux")("is refused when it does not know its size, and is too large", async () => {
    path = "/proc/self/mountinfo";
    expect(await readContent(path)).toBeDefined();
    await expect(readContent(path, { limit: 10 })).rejects.toMatchObject({ code: "too-large" });
  });
});

describe("what is no file is refused at once", () => {
  it("a directory", async () => {
    mkdirSync(path);
    expect(await refusal()).toMatchObject({ code: "not-a-file", reason: expect.stringContaining("is a directory") });
  });

  it("a pipe, and a link to one", async () => {
    expect(run("mkfifo", [path]).status).toBe(0);
    expect(await refusal()).toMatchObject({ code: "not-a-file", reason: expect.stringContaining("is a pipe") });
    symlinkSync("a", join(dir, "link"));
    await expect(readContent(join(dir, "link"))).rejects.toMatchObject({ code: "not-a-file" });
  });

  it("a device", async () => {
    path = "/dev/zero";
    expect(await refusal()).toMatchObject({ code: "not-a-file", reason: expect.stringContaining("is a device") });
  });

  it("a socket", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    expect(await refusal()).toMatchObject({ code: "not-a-file", reason: expect.stringContaining("is a socket") });
    server.close();
  });
});
