import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answersOf } from "../operate/doctor/world";
import { FakeDocker } from "../operate/engine/fake-docker";
import { commandWords } from "../support/command";
import { run } from "../support/tools";

const docker = new FakeDocker(answersOf({ info: { LiveRestoreEnabled: false } }));
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-cli-doctor-"));
afterAll(() => {
  docker.remove();
  rmSync(scratch, { recursive: true, force: true });
});

function doctor(words: readonly string[], environment: Readonly<Record<string, string>> = docker.environment) {
  return run(process.execPath, commandWords("doctor", ...words), { env: environment });
}

describe("lamb-compose doctor", () => {
  it("says what is wrong, why and what to do, and how much it looked at", () => {
    const { stdout } = doctor(["--host"]);
    expect(stdout).toContain("advice live-restore: expected: containers go on running while the engine is updated");
    expect(stdout).toMatch(/^ {2}live-restore is off\n {4}fix: put .*\n {2}why: without it/m);
    expect(stdout).toMatch(/^\d+ checks: \d+ fine, /m);
  });

  it("says the same as JSON", () => {
    const { checks } = JSON.parse(doctor(["--host", "--json"]).stdout);
    expect(checks).toContainEqual(
      expect.objectContaining({
        id: "live-restore",
        state: "advice",
        problems: [expect.objectContaining({ severity: "advice", reason: "live-restore is off" })],
      }),
    );
    expect(checks).toContainEqual(expect.objectContaining({ id: "not-snap", state: "ok", problems: [] }));
  });

  it("ends with 1 for an error, and says once why the rest could not be looked at", () => {
    const { status, stdout } = doctor(["--host"], { PATH: scratch });
    expect(status).toBe(1);
    expect(stdout).toContain("there is no command `docker` on this host");
    expect(stdout).toMatch(/^not looked at: engine-version, not-snap, [^\n]*\n {2}there is no command `docker`/m);
  });

  it("ends with 2 for a directory that is not there", () => {
    const { status, stderr } = doctor(["--dir", join(scratch, "none")]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("is not there: correct --dir, or use --host")]);
  });
});
