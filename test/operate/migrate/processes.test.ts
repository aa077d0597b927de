import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { holdersOf } from "../../../lib/operate/migrate/processes";

it("programs that have a file of a folder open are found, and no others", async () => {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-holders-"));
  writeFileSync(join(home, "open.db"), "");
  const child = spawn("sh", ["-c", 'exec 3<"$1"; echo ready; read -r end', "sh", join(home, "open.db")]);
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect((await holdersOf([home])).map(({ pid }) => pid)).toEqual([child.pid]);
    expect(await holdersOf([join(home, "other"), `${home}-beside`])).toEqual([]);
    expect(await holdersOf([home], join(home, "no-proc"))).toEqual([]);
  } finally {
    child.kill();
    rmSync(home, { recursive: true, force: true });
  }
});
