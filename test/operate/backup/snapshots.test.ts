import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackupRecord } from "../../../lib/operate/backup/records";
import type { Repository } from "../../../lib/operate/backup/repository";
import { Restic } from "../../../lib/operate/backup/restic";
import { snapshotNamed } from "../../../lib/operate/backup/snapshots";

const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
const made = (...names: readonly string[]): readonly BackupRecord[] =>
  names.map((snapshot) => ({ snapshot, time: at(0), bytes: 1, added: 1, held: 0 }));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-snapshots-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A repository with snapshots: name → hours from now, by the clock of the host that made it. */
function repositoryOf(snapshots: Readonly<Record<string, number>>): Repository {
  const rows = Object.entries(snapshots).map(([id, hours]) => ({ id: id.padEnd(64, "0"), time: at(hours) }));
  writeFileSync(join(dir, "answer"), JSON.stringify(rows));
  writeFileSync(join(dir, "restic"), `#!/bin/sh\ncat '${dir}/answer'\n`);
  chmodSync(join(dir, "restic"), 0o755);
  const restic = new Restic({ PATH: `${dir}:${process.env.PATH}` });
  return { restic, place: "/kept", folder: undefined, ownKey: true, isOther: false };
}

describe("the last snapshot", () => {
  it.each([
    ["the newest", { a1: -3, b2: -2 }, ["a1", "b2"], "b2"],
    ["the one that was made last, though the clock was ahead before", { a1: 900, b2: -2 }, ["a1", "b2"], "b2"],
    ["the one that was made last, though the clock is behind by now", { a1: -1, b2: -9000 }, ["a1", "b2"], "b2"],
    ["a later one of another host", { a1: -3, b2: -2, c3: -1 }, ["a1", "b2"], "c3"],
    ["one that is remembered, with a clock that is ahead", { a1: -3, b2: 900 }, ["a1", "b2"], "b2"],
    ["the newest of those of which nothing is remembered", { b2: -2, a1: -3 }, [], "b2"],
  ])("is %s", async (_, snapshots, names, last) => {
    const { id } = await snapshotNamed(repositoryOf(snapshots), undefined, { backups: made(...names) });
    expect(id.slice(0, 2)).toBe(last);
  });

  it("is not said where a clock was wrong, and nobody remembers the order", async () => {
    const repository = repositoryOf({ a1: 900, b2: -2 });
    const error = expect.objectContaining({
      code: "no-snapshot",
      reason: expect.stringContaining("a clock is or was wrong"),
      fix: expect.stringMatching(/^name the one that is meant: b2000000, a1000000$/),
    });
    await expect(snapshotNamed(repository, undefined)).rejects.toEqual(error);
    expect((await snapshotNamed(repository, "a1")).id.slice(0, 2)).toBe("a1");
  });
});
