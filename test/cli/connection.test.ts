import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { answersOf } from "../operate/doctor/world";
import { FakeDocker } from "../operate/engine/fake-docker";
import { commandWords } from "../support/command";
import { describeWith, run } from "../support/tools";

const docker = new FakeDocker(
  answersOf({
    info: { DockerRootDir: tmpdir() },
    answers: [{ when: "compose pull", seconds: 2 }, { when: "compose up" }],
  }),
);
const env = { ...process.env, ...docker.environment };
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-connection-"));
  writeFileSync(join(dir, "compose.yaml"), "services: {}\n");
  writeFileSync(join(dir, ".env"), "", { mode: 0o600 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
afterAll(() => docker.remove());

/** Runs a command in a terminal that is gone as soon as it says something, as when ssh loses its connection. */
const IN_LOST_TERMINAL = `
import os, pty, sys
child, screen = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
shown = b""
while sys.argv[1].encode() not in shown:
    shown += os.read(screen, 65536)
os.close(screen)
os.waitpid(child, 0)
`;

describeWith("python", "an operation whose connection is lost", () => {
  const up = () => [process.execPath, ...commandWords("up", "--dir", dir)];

  it("goes on when its terminal is gone, and the next command finds the new state", () => {
    expect(run("python3", ["-c", IN_LOST_TERMINAL, "pulling", ...up()], { env: docker.environment }).status).toBe(0);
    isNew();
  });

  it("goes on when nobody reads what it says any more, and it is told to hang up", async () => {
    const [program = "", ...words] = up();
    const child = spawn(program, words, { env, stdio: ["ignore", "pipe", "pipe"] });
    await once(child.stderr, "data");
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill("SIGHUP");
    expect(await once(child, "exit")).toEqual([0, null]);
    isNew();
  });

  function isNew() {
    expect(readdirSync(join(dir, ".lamb-compose"))).toEqual(["history"]);
    const { status, stdout } = run(process.execPath, commandWords("status", "--dir", dir), { env: docker.environment });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^shop: all is well, state 1 of /)]);
  }
});
