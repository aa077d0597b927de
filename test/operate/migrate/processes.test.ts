import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { OLD_PLACES } from "../../../lib/lamb/facts/old-places";
import { heldPaths, holdersOf } from "../../../lib/operate/migrate/processes";

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

it("those in containers are left to the engine, although their paths may be the same", async () => {
  const proc = mkdtempSync(join(tmpdir(), "lamb-compose-proc-"));
  const put = (pid: string, cgroup: string) => {
    mkdirSync(join(proc, pid, "fd"), { recursive: true });
    symlinkSync("/opt/lamb/lamb_v4.db", join(proc, pid, "fd", "3"));
    writeFileSync(join(proc, pid, "comm"), "python3\n");
    writeFileSync(join(proc, pid, "cgroup"), `0::${cgroup}\n`);
  };
  try {
    // As `cat /proc/PID/cgroup` says it of a service of systemd, and of containers with either driver for control groups.
    put("17", "/system.slice/lamb.service");
    put("18", `/system.slice/docker-${"0af3".repeat(16)}.scope`);
    put("19", `/docker/${"0af3".repeat(16)}`);
    const [database] = OLD_PLACES;
    if (database === undefined) throw new Error("no place of the database is known");
    const paths = heldPaths([{ place: database, kind: "bind", source: "/opt/lamb", folders: [""] }]);
    expect(await holdersOf(paths, proc)).toEqual([{ pid: 17, name: "python3" }]);
  } finally {
    rmSync(proc, { recursive: true, force: true });
  }
});
