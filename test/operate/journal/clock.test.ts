import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepState, readHistory } from "../../../lib/operate/journal/history";
import { openDeployment } from "../../../lib/operate/journal/open";
import { switching } from "./switching";

const DAY_MS = 86_400_000;
const LIB = fileURLToPath(new URL("../../../lib/", import.meta.url));
const QUIET = { step: () => {}, note: () => {} };

/** Who reckons with the time of day, and why. */
const READERS = {
  "disk/holder.ts": "whether a holder that cannot be looked up is silent; it is watched before it counts as gone",
  "operate/backup/backup.ts": "when the repository was last tidied is a date",
  "operate/backup/snapshots.ts":
    "the time of a snapshot is a date, and of one of a time to come nobody knows when it was made",
  "operate/dependencies/pages.ts": "the age of a release is a date",
  "operate/doctor/checks/data.ts": "the age of a backup is a date",
  "operate/doctor/checks/public.ts": "the end of a certificate is a date",
  "operate/doctor/host.ts": "whether the clock is right",
  "operate/registry/answer.ts": "a registry can name a date to come back at",
  "operate/upgrade/upgrade.ts": "the age of a backup is a date, and one of a time to come is none",
};

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-clock-"));
  writeFileSync(join(dir, "version"), "old");
  writeFileSync(join(dir, ".env"), "");
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

describe("a clock that jumps", () => {
  it.each([
    ["forwards", DAY_MS],
    ["backwards", -DAY_MS],
  ])("%s in each step of an operation changes nothing, and gives nobody else its lock", async (_, jump) => {
    const opened = await openDeployment(dir, "switch", QUIET);
    const operation = switching(dir, false, () => vi.setSystemTime(Date.now() + jump));
    const steps = operation.steps.map((step) => ({
      ...step,
      run: async () => {
        const facts = await step.run({});
        await expect(openDeployment(dir, "switch", QUIET)).rejects.toMatchObject({ code: "in-use" });
        return facts;
      },
    }));
    const { outcome } = await opened.run({ ...operation, steps });
    await opened.close();
    expect([outcome, readFileSync(join(dir, "version"), "utf8")]).toEqual(["ok", "new"]);
    expect(existsSync(join(dir, ".lamb-compose"))).toBe(false);
  });

  it("backwards leaves the history in the order in which its states came", async () => {
    for (const operation of ["up", "upgrade", "rollback"]) {
      vi.setSystemTime(Date.now() - DAY_MS);
      const time = new Date().toISOString();
      const state = { operation, began: time, ended: time, by: "root", project: "shop", images: {}, hashes: {} };
      await keepState(dir, [], state);
    }
    const found = (await readHistory(dir)).map(({ number, operation }) => [number, operation]);
    expect(found).toEqual([
      [1, "up"],
      [2, "upgrade"],
      [3, "rollback"],
    ]);
  });

  it("ends no waiting early, and makes none longer: what lasts is measured by a clock that cannot be set", () => {
    const files = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter((file) => /\.ts$/.test(file));
    const asking = files.filter((file) => /Date\.now\(\)/.test(readFileSync(join(LIB, file), "utf8")));
    expect(asking.sort()).toEqual(Object.keys(READERS));
  });
});
