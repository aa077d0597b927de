import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Docker } from "../../../lib/operate/engine/docker";
import { ComposeProject } from "../../../lib/operate/engine/project";
import { startService } from "../../../lib/operate/engine/start-service";
import { FakeDocker } from "./fake-docker";

const HOUR_MS = 3_600_000;
let fake: FakeDocker | undefined;
let dir = "";
afterEach(() => {
  fake?.remove();
  rmSync(dir, { recursive: true, force: true });
});

/** Milliseconds that it takes to find well a service that was restarted once, at a time by the engine's clock. */
async function started(at: number): Promise<number> {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-start-"));
  const container = {
    Id: "c1",
    Name: "/shop-web-1",
    Image: "sha256:1",
    RestartCount: 1,
    State: { Status: "running", Pid: 7, ExitCode: 0, StartedAt: new Date(at).toISOString() },
    Config: { Image: "web:1", Labels: { "com.docker.compose.service": "web" } },
    Mounts: [],
  };
  fake = new FakeDocker([
    { when: "compose config --format json", stdout: JSON.stringify({ name: "shop", services: { web: {} } }) },
    { when: "compose up" },
    { when: "ps --all", stdout: "c1\n" },
    { when: "container inspect", stdout: JSON.stringify([container]) },
  ]);
  const project = new ComposeProject(dir, new Docker(fake.environment));
  const start = performance.now();
  await startService(project, "web", { redact: (text) => text });
  return performance.now() - start;
}

it.each([
  ["an hour behind", -HOUR_MS],
  ["an hour ahead", HOUR_MS],
])("does not wait for an engine whose clock is %s, nor take a start for an old one", async (_, offset) => {
  const taken = await started(Date.now() + offset);
  expect(taken).toBeGreaterThan(1900);
  expect(taken).toBeLessThan(8000);
});

it("shows no secret of what a service says that refuses its new settings", async () => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-start-"));
  const label = "settings";
  const container = {
    Id: "c1",
    Name: "/shop-web-1",
    Image: "sha256:1",
    RestartCount: 0,
    State: { Status: "running", Pid: 7, ExitCode: 0, StartedAt: "2026-01-01T00:00:00Z" },
    Config: {
      Image: "web:1",
      Labels: { "com.docker.compose.service": "web", "com.docker.compose.config-hash": "h", [label]: "old" },
    },
    Mounts: [],
  };
  const model = {
    name: "shop",
    services: { web: { image: "web:1", labels: { [label]: "new" } } },
    "x-lamb-compose": { reloads: { web: { label, command: "reload" } } },
  };
  fake = new FakeDocker([
    { when: "config --hash", stdout: "web h\n" },
    { when: "config --format json", stdout: JSON.stringify(model) },
    { when: "ps --all", stdout: "c1\n" },
    { when: "container inspect", stdout: JSON.stringify([container]) },
    { when: "image inspect", stdout: JSON.stringify([{ Id: "sha256:1" }]) },
    { when: "exec --no-TTY web reload", stderr: "line 3: unknown word s3cret-value\n", code: 1 },
  ]);
  const project = new ComposeProject(dir, new Docker(fake.environment));
  const redact = (text: string) => text.replaceAll("s3cret-value", "<KEY>");
  await expect(startService(project, "web", { redact })).rejects.toMatchObject({
    code: "reload-failed",
    reason: expect.stringMatching(/: line 3: unknown word <KEY>$/),
  });
});
