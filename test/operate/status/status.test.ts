import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepState } from "../../../lib/operate/journal/history";
import { commandWords } from "../../support/command";
import { run } from "../../support/tools";
import { answersOf, backups, type Changes, IMAGE } from "../doctor/world";
import { FakeDocker } from "../engine/fake-docker";

const dir = mkdtempSync(join(tmpdir(), "lamb-compose-status-"));
const here = { info: { DockerRootDir: tmpdir() } };
const docker = new FakeDocker([]);
beforeAll(() => {
  writeFileSync(join(dir, "compose.yaml"), "services: {}\n");
  writeFileSync(join(dir, ".env"), "", { mode: 0o600 });
});
afterAll(() => {
  docker.remove();
  rmSync(dir, { recursive: true, force: true });
});

function status(changes: Changes, ...words: readonly string[]) {
  docker.answer(answersOf({ ...here, ...changes }));
  return run(process.execPath, commandWords("status", "--dir", dir, ...words), {
    env: docker.environment,
  });
}

describe("status", () => {
  it("is one screen", async () => {
    await keepState(dir, ["compose.yaml"], {
      operation: "up",
      began: "2026-01-02T03:04:05Z",
      ended: "2026-01-02T03:05:00Z",
      by: "root",
      project: "shop",
      images: {},
      hashes: {},
    });
    writeFileSync(join(dir, ".lamb-compose", "backups.json"), backups(1, "read"));
    const reload = { label: "x", command: "reload", upstreams: "ask upstreams" };
    const upstreams = [{ address: "app:1", num_requests: 2, fails: 0 }, { address: "files:2" }];
    const {
      status: code,
      stdout,
      stderr,
    } = status({
      facts: { reloads: { web: reload }, releases: { Shop: { version: "4.2" } } },
      answers: [{ when: "exec c1 ask upstreams", stdout: JSON.stringify(upstreams) }],
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n")).toEqual([
      "shop: all is well, state 1 of 2026-01-02 03:05 UTC",
      "service  condition  since (UTC)       restarts  image",
      `web      running    2026-01-01 00:00  0         ${IMAGE}`,
      "",
      "release      Shop 4.2",
      "upstreams    app:1 (2 requests), files:2",
      expect.stringMatching(/^disk {9}[\d.]+ GB free of [\d.]+ GB$/),
      expect.stringMatching(/^last backup {2}2\d{3}-\d\d-\d\d \d\d:\d\d UTC, verified: read$/),
      "",
    ]);
  });

  it("says what is not well, and ends with 3 when it is asked to check", () => {
    const changes: Changes = { state: { Health: { Status: "unhealthy" } } };
    const { status: code, stdout } = status(changes);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^shop: not all is well.*\n.*\nweb {6}unhealthy/)]);
    expect(stdout).toContain(
      "error services-well: expected: the containers are healthy, or run if they have no healthcheck",
    );
    expect(status(changes, "--check").status).toBe(3);
    expect(status({}, "--check").status).toBe(0);
  });

  it("takes a deployment that does not run for one that is not well", () => {
    const { status: code, stdout } = status({ container: null }, "--check", "--json");
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "differs",
      status: 3,
      project: "shop",
      isWell: false,
      services: [{ service: "web", condition: "not there", image: IMAGE }],
    });
  });

  it("ends with 1 when the engine does not answer", () => {
    const stderr = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
    docker.answer([{ when: "", stderr, code: 1 }]);
    const answer = run(process.execPath, commandWords("status", "--check", "--dir", dir), {
      env: docker.environment,
    });
    expect([answer.status, answer.stderr]).toEqual([1, expect.stringContaining("the engine does not answer")]);
  });
});
