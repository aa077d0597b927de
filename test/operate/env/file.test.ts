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
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backupPath, isOpenToOthers, readEnvOnDisk, writeEnvOnDisk } from "../../../lib/operate/env/file";
import { run } from "../../support/tools";

let dir = "";
let path = "";
const isRoot = process.getuid?.() === 0;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-env-file-"));
  path = join(dir, ".env");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const modeOf = (file: string) => statSync(file).mode & 0o777;
const coded = (code: string) => expect.objectContaining({ code });

describe("an .env that is not there", () => {
  it.each([0o000, 0o022, 0o077, 0o777])("is made for its owner alone, under the mask %o", async (mask) => {
    const before = process.umask(mask);
    try {
      await writeEnvOnDisk(await readEnvOnDisk(path), "A=1\n");
    } finally {
      process.umask(before);
    }
    expect(modeOf(path)).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe("A=1\n");
    expect(readdirSync(dir)).toEqual([".env"]);
  });

  it("leaves nothing beside it, though a backup was asked for", async () => {
    const file = await readEnvOnDisk(path);
    await writeEnvOnDisk(file, "A_SECRET=1\n", backupPath(file, new Date()));
    expect(readdirSync(dir)).toEqual([".env"]);
  });

  it("is not overwritten when somebody else makes it meanwhile", async () => {
    const file = await readEnvOnDisk(path);
    writeFileSync(path, "THEIRS=1\n");
    await expect(writeEnvOnDisk(file, "OURS=1\n")).rejects.toEqual(coded("changed-meanwhile"));
    expect(readFileSync(path, "utf8")).toBe("THEIRS=1\n");
    expect(readdirSync(dir)).toEqual([".env"]);
  });

  it("is written by one of many at once, whole, and the others say that they did not", async () => {
    const files = await Promise.all(Array.from({ length: 20 }, () => readEnvOnDisk(path)));
    const texts = files.map((_, index) => `WHO=${index}\n`.repeat(10_000));
    const results = await Promise.allSettled(files.map((file, index) => writeEnvOnDisk(file, texts[index] ?? "")));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const winner = results.findIndex(({ status }) => status === "fulfilled");
    expect(readFileSync(path, "utf8")).toBe(texts[winner]);
    for (const result of results) {
      if (result.status === "rejected") expect(["in-use", "changed-meanwhile"]).toContain(result.reason.code);
    }
    expect(readdirSync(dir)).toEqual([".env"]);
  });

  it("cannot be made in a folder that is not there", async () => {
    const file = await readEnvOnDisk(join(dir, "no", ".env"));
    await expect(writeEnvOnDisk(file, "A=1\n")).rejects.toEqual(coded("cannot-write"));
  });
});

describe("an .env that is there", () => {
  beforeEach(() => writeFileSync(path, "A=1\n", { mode: 0o644 }));

  it("is replaced as a whole, and from then on for its owner alone", async () => {
    const file = await readEnvOnDisk(path);
    expect(isOpenToOthers(file)).toBe(true);
    const inode = statSync(path).ino;
    await writeEnvOnDisk(file, "A=1\nB=2\n");
    expect(statSync(path).ino).not.toBe(inode);
    expect(modeOf(path)).toBe(0o600);
    const after = await readEnvOnDisk(path);
    expect(after.text).toBe("A=1\nB=2\n");
    expect(isOpenToOthers(after)).toBe(false);
    expect(readdirSync(dir)).toEqual([".env"]);
  });

  it("keeps what was there in a backup for its owner alone", async () => {
    const file = await readEnvOnDisk(path);
    const backup = backupPath(file, new Date("2026-02-03T04:05:06.789Z"));
    expect(backup).toBe(join(dir, ".env.2026-02-03T04-05-06.789Z.bak"));
    await writeEnvOnDisk(file, "A=2\n", backup);
    expect(readFileSync(backup, "utf8")).toBe("A=1\n");
    expect(modeOf(backup)).toBe(0o600);
  });

  it("is not changed when there is such a backup already", async () => {
    const file = await readEnvOnDisk(path);
    writeFileSync(join(dir, "taken"), "old backup");
    await expect(writeEnvOnDisk(file, "A=2\n", join(dir, "taken"))).rejects.toEqual(coded("cannot-write"));
    expect(readFileSync(path, "utf8")).toBe("A=1\n");
    expect(readFileSync(join(dir, "taken"), "utf8")).toBe("old backup");
    expect(readdirSync(dir).sort()).toEqual([".env", "taken"]);
  });

  it("is not overwritten when somebody else changed it meanwhile", async () => {
    const file = await readEnvOnDisk(path);
    writeFileSync(path, "A=theirs\n");
    await expect(writeEnvOnDisk(file, "A=ours\n")).rejects.toEqual(coded("changed-meanwhile"));
    expect(readFileSync(path, "utf8")).toBe("A=theirs\n");
  });

  it("is left alone while another run changes it", async () => {
    const file = await readEnvOnDisk(path);
    writeFileSync(`${path}.lock`, "");
    await expect(writeEnvOnDisk(file, "A=2\n")).rejects.toThrow(`${path}.lock`);
    expect(readFileSync(path, "utf8")).toBe("A=1\n");
    expect(existsSync(`${path}.lock`)).toBe(true);
  });

  it("is left alone when it is write-protected", async () => {
    chmodSync(path, 0o400);
    await expect(writeEnvOnDisk(await readEnvOnDisk(path), "A=2\n")).rejects.toEqual(coded("read-only"));
    expect(readFileSync(path, "utf8")).toBe("A=1\n");
  });

  it.runIf(isRoot)("stays its owner's, and so does the backup", async () => {
    chownSync(path, 1234, 2345);
    await writeEnvOnDisk(await readEnvOnDisk(path), "A=2\n", join(dir, "kept"));
    for (const file of [path, join(dir, "kept")]) expect(statSync(file)).toMatchObject({ uid: 1234, gid: 2345 });
    expect(readFileSync(path, "utf8")).toBe("A=2\n");
  });

  it.runIf(isRoot)("is left alone when it is another user's", async () => {
    chmodSync(dir, 0o777);
    const file = await readEnvOnDisk(path);
    process.seteuid?.(65_534);
    try {
      await expect(writeEnvOnDisk(file, "A=2\n")).rejects.toEqual(coded("other-owner"));
    } finally {
      process.seteuid?.(0);
    }
    expect(readFileSync(path, "utf8")).toBe("A=1\n");
    expect(readdirSync(dir)).toEqual([".env"]);
  });

  it("keeps its mark of the byte order and its line ends", async () => {
    writeFileSync(path, "\uFEFFA=1\r\nB=é\r\n");
    const file = await readEnvOnDisk(path);
    await writeEnvOnDisk(file, `${file.text}C=3\r\n`);
    expect(readFileSync(path)).toEqual(Buffer.from("\uFEFFA=1\r\nB=é\r\nC=3\r\n"));
  });
});

describe("a link", () => {
  it("stays one: the file that it leads to is written, with its backup beside it", async () => {
    mkdirSync(join(dir, "etc"));
    const target = join(dir, "etc", "lamb.env");
    writeFileSync(target, "A=1\n");
    symlinkSync(join("etc", "lamb.env"), path);
    const file = await readEnvOnDisk(path);
    await writeEnvOnDisk(file, "A=2\n", backupPath(file, new Date(0)));
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toBe("A=2\n");
    expect(file).toMatchObject({ path, realPath: target });
    expect(readdirSync(join(dir, "etc")).sort()).toEqual([".env.1970-01-01T00-00-00.000Z.bak", "lamb.env"]);
  });

  it("is refused when it leads to nothing", async () => {
    symlinkSync("nowhere", path);
    await expect(readEnvOnDisk(path)).rejects.toEqual(coded("dangling-link"));
    expect(existsSync(join(dir, "nowhere"))).toBe(false);
  });

  it("is refused when it leads to itself", async () => {
    symlinkSync(".env", path);
    await expect(readEnvOnDisk(path)).rejects.toEqual(coded("cannot-read"));
  });

  it("is noticed when it leads elsewhere by now", async () => {
    for (const name of ["one", "two"]) writeFileSync(join(dir, name), "A=1\n");
    symlinkSync("one", path);
    const file = await readEnvOnDisk(path);
    rmSync(path);
    symlinkSync("two", path);
    await expect(writeEnvOnDisk(file, "A=2\n")).rejects.toEqual(coded("changed-meanwhile"));
    for (const name of ["one", "two"]) expect(readFileSync(join(dir, name), "utf8")).toBe("A=1\n");
  });
});

describe("what is no text file", () => {
  it("is refused: a folder", async () => {
    mkdirSync(path);
    await expect(readEnvOnDisk(path)).rejects.toEqual(coded("not-a-file"));
  });

  it("is refused at once: a pipe", async () => {
    expect(run("mkfifo", [path]).status).toBe(0);
    await expect(readEnvOnDisk(path)).rejects.toEqual(coded("not-a-file"));
  });

  it("is refused, and not shown: bytes that are no UTF-8", async () => {
    writeFileSync(path, Buffer.from([...Buffer.from("TOKEN=hidden"), 0xe9, 0x0a]));
    const error: unknown = await readEnvOnDisk(path).catch((caught: unknown) => caught);
    expect(error).toEqual(coded("not-text"));
    expect(String(error)).not.toContain("hidden");
  });
});
