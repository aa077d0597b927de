import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runProgram } from "../../lib/cli/program";
import { thisProcess } from "../../lib/disk/holder";
import { answersOf, type Changes } from "../operate/doctor/world";
import { FakeDocker } from "../operate/engine/fake-docker";
import { capturedStreams } from "../support/streams";
import { run } from "../support/tools";

const docker = new FakeDocker([]);
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-up-"));
  writeFileSync(join(dir, "compose.yaml"), "services: {}\n");
  writeFileSync(join(dir, ".env"), "", { mode: 0o600 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
afterAll(() => docker.remove());
const streams = capturedStreams();

const PULLING = "[1/4] pulling the images that are missing\n";

/** `lamb-compose up`, where all is well but for some changes: with what it ends, and what the operator sees. */
async function up(changes: Changes) {
  for (const [name, text] of Object.entries(changes.files ?? {})) writeFileSync(join(dir, name), text ?? "");
  docker.answer(answersOf({ info: { DockerRootDir: tmpdir() }, ...changes }));
  vi.stubEnv("PATH", docker.environment.PATH);
  await runProgram(["up", "--dir", dir]);
  return [process.exitCode, streams.stdout, streams.stderr.replaceAll(dir, "DIR").replaceAll(/^ +\d+ s +/gm, "")];
}

/** Docker says it of the engine; Compose answers without one. */
const engine = (stderr: string): Changes => ({
  answers: [
    { when: "compose version", stdout: '{"version":"2.40.3"}' },
    { when: "version --format", stderr, code: 1 },
  ],
});
const pulls = (stderr: string): Changes => ({ answers: [{ when: "compose pull", stderr, code: 1 }] });
const noEngine = (reason: string, fix: string) => `error engine-answers: expected: the Docker engine answers
  ${reason}
    fix: ${fix}
  why: nothing can be started or looked at without it
`;
const noCompose = (reason: string, fix: string) => `error compose-version: expected: Compose is 2.24.4 or newer
  ${reason}
    fix: ${fix}
  why: an older one does not know what overlays take away (!override, !reset)
`;
const UPGRADE = "upgrade docker-compose-plugin from Docker's own packages";

/** What is wrong, and the words. What Docker says is what Docker 28.2.2 with Compose 2.40.3 said. */
const REFUSED: readonly (readonly [what: string, changes: Changes, words: string])[] = [
  [
    "no engine",
    engine("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"),
    noEngine(
      "the engine does not answer: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      "start it (`systemctl start docker`); where it runs on another host, correct DOCKER_HOST or the context",
    ),
  ],
  [
    "a context that is not there",
    engine('Failed to initialize: unable to resolve docker endpoint: context "nope": context not found: open x'),
    noEngine(
      'there is no Docker context with the name that is in DOCKER_CONTEXT or in Docker\'s config.json: Failed to initialize: unable to resolve docker endpoint: context "nope": context not found: open x',
      "choose one with `docker context use`, or unset DOCKER_CONTEXT: `docker context ls` shows which there are",
    ),
  ],
  [
    "no right to use the socket",
    engine("permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock"),
    noEngine(
      "this user may not use the engine: permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
      "run this as root, or add the user to the group docker and log in again",
    ),
  ],
  [
    "no Compose",
    { answers: [{ when: "compose", stderr: "docker: unknown command: docker compose", code: 1 }] },
    noCompose(
      "Docker has no Compose plugin on this host: docker: unknown command: docker compose",
      "install it: docker-compose-plugin of Docker's packages, or docker-compose of Debian's",
    ),
  ],
  ["a Compose that is too old", { compose: "2.24.3" }, noCompose("Compose is 2.24.3", UPGRADE)],
  [
    "a Compose that is older than the files are for",
    { compose: "2.39.4", files: { "compose.yaml": "# For Docker Compose 2.40.0 and newer.\n\nservices: {}\n" } },
    noCompose("compose.yaml: is for Compose 2.40.0 and newer, and this one is 2.39.4", UPGRADE),
  ],
];

/** What Docker says while it pulls, and the words. */
const FAILED: readonly (readonly [what: string, said: string, words: string])[] = [
  [
    "a registry that goes away",
    'Error response from daemon: Get "https://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
    'registry-away at docker compose pull: a registry does not answer: Error response from daemon: Get "https://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused\n  fix: check the network and the proxy settings of the engine, and run this again: what was pulled is kept\n',
  ],
  [
    "a tag that does not exist",
    "web Error manifest for 127.0.0.1:5000/web:9 not found: manifest unknown: manifest unknown",
    "unknown-image at docker compose pull: the registry does not have an image: web Error manifest for 127.0.0.1:5000/web:9 not found: manifest unknown: manifest unknown\n  fix: correct the version; `lamb-compose lock --check` says which images the registries have\n",
  ],
  [
    "a disk that is full",
    "failed to register layer: write /usr/lib/x: no space left on device",
    "disk-full at docker compose pull: the disk is full: failed to register layer: write /usr/lib/x: no space left on device\n  fix: make room (`docker system df` shows what takes it), and run this again\n",
  ],
];

describe("lamb-compose up", () => {
  it.each(REFUSED)("is refused, and says what is missing: %s", async (_, changes, words) => {
    expect(await up(changes)).toEqual([4, words, ""]);
  });

  it.each(FAILED)("ends, and says what the operator can do: %s", async (_, said, words) => {
    expect(await up(pulls(said))).toEqual([1, "", PULLING + words]);
  });

  it("ends at once where a living process has the lock, and takes that of a dead one", async () => {
    const held = (pid: number) => {
      mkdirSync(join(dir, ".lamb-compose"), { recursive: true });
      const lock = JSON.stringify({ ...thisProcess(), pid, id: "0123456789abcdef" });
      writeFileSync(join(dir, ".lamb-compose", "lock"), lock);
    };
    held(process.pid);
    const busy = `in-use at DIR: is being changed by another run, process ${process.pid}\n  fix: wait until it has ended, and run this again\n`;
    expect(await up({})).toEqual([75, "", busy]);
    streams.stderr = "";
    held(Number(run("sh", ["-c", "echo $$"]).stdout));
    const [, said, words] = FAILED[0] ?? ["", "", ""];
    expect(await up(pulls(said))).toEqual([1, "", PULLING + words]);
  });
});
