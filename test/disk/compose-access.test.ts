import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { DISK } from "../../lib/disk/compose-access";

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
