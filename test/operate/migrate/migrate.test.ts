import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Docker } from "../../../lib/operate/engine/docker";
import { migrate } from "../../../lib/operate/migrate/migrate";
import { FakeDocker } from "../engine/fake-docker";

describe("a migration", () => {
  let home = "";
  let engine: FakeDocker;
  const start = (dir: string, from: string | undefined, abort = false) =>
    migrate({
      dir: join(home, dir),
      from: from === undefined ? undefined : join(home, from),
      environment: engine.environment,
      docker: new Docker(engine.environment),
      choices: {},
      leave: [],
      progress: { step: () => {}, note: () => {} },
      abort,
      agrees: () => Promise.resolve(true),
    });
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-migrate-"));
    mkdirSync(join(home, "old"));
    symlinkSync("old", join(home, "link"));
    engine = new FakeDocker([]);
  });
  afterEach(() => {
    engine.remove();
    rmSync(home, { recursive: true, force: true });
  });

  it.each(["old", "old/new/lamb", "link/new", "link"])(
    "writes nothing into the older installation: %s",
    async (dir) => {
      await expect(start(dir, "old")).rejects.toMatchObject({ code: "target-in-source" });
      expect(readdirSync(join(home, "old"))).toEqual([]);
      expect(engine.asked).toEqual([]);
    },
  );

  it("must know where the older installation is, where none was cut off", async () => {
    await expect(start("new", undefined)).rejects.toMatchObject({ code: "no-installation", path: "--from" });
    await expect(start("new", "old", true)).rejects.toMatchObject({ code: "nothing-to-abort" });
  });
});
