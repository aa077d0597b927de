import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { DISK } from "../../lib/disk/compose-access";
import { FileError } from "../../lib/disk/error";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "compose-access-")));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.each(["plain", "$&", "a$$b", "$'", "$`"])("follows a link to a folder with the name %s", (name) => {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "file"), "");
  const link = join(scratch, `link to ${name}`);
  symlinkSync(folder, link);
  expect(DISK.followLinks?.(join(link, "file"))).toBe(join(folder, "file"));
});

// docker compose config 2.40 ends with 1, too: "lstat /nowhere: no such file or directory".
it.each([
  ["nowhere", "/nowhere/x"],
  ["in a circle", "link in a circle"],
])("refuses a link that leads %s with an error that says what to do", (name, target) => {
  const link = join(scratch, `link ${name}`);
  symlinkSync(target, link);
  expect(() => DISK.followLinks?.(join(link, "file"))).toThrow(FileError);
  expect(() => DISK.followLinks?.(join(link, "file"))).toThrow(`cannot-read at ${link}: is a link`);
});
