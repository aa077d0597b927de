import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Docker } from "../../../lib/operate/engine/docker";
import { ComposeProject } from "../../../lib/operate/engine/project";
import { watchServices } from "../../../lib/operate/switch/rehearsal";
import { FakeDocker } from "../engine/fake-docker";

let fake: FakeDocker | undefined;
let dir = "";
afterEach(() => {
  fake?.remove();
  rmSync(dir, { recursive: true, force: true });
});

const HEALTHY = { Status: "running", Health: { Status: "healthy" } };
const SERVICES = { db: { restart: "always" }, web: { restart: "always" }, job: { restart: "no" } };

/** Watches services of which each is in a state, and one whose service the files do not have has failed. */
async function watched(states: Readonly<Record<keyof typeof SERVICES, object>>): Promise<string> {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-watch-"));
  const all = { ...states, orphan: { Status: "exited", ExitCode: 1 } };
  const containers = Object.entries(all).map(([service, state]) => ({
    Id: service,
    Name: `/shop-${service}-1`,
    Image: "sha256:1",
    RestartCount: 0,
    State: { Status: "running", ExitCode: 0, StartedAt: "2026-01-01T00:00:00Z", ...state },
    Config: { Image: "web:1", Labels: { "com.docker.compose.service": service } },
    Mounts: [],
  }));
  fake = new FakeDocker([
    { when: "compose config --format json", stdout: JSON.stringify({ name: "shop", services: SERVICES }) },
    { when: "ps --all", stdout: Object.keys(all).join("\n") },
    { when: "container inspect", stdout: JSON.stringify(containers) },
  ]);
  const project = new ComposeProject(dir, new Docker(fake.environment));
  return watchServices(project, 0.1, await project.model()).then(
    () => "all stay",
    (error: unknown) => String(error),
  );
}

const DONE = { Status: "exited", ExitCode: 0 };

it("takes a service that runs, and one that has done its work, for well, and looks at those of the files alone", async () => {
  expect(await watched({ db: HEALTHY, web: {}, job: DONE })).toBe("all stay");
});

it.each([
  ["exited (4)", { Status: "exited", ExitCode: 4 }],
  ["exited (0)", DONE],
  ["unhealthy", { Health: { Status: "unhealthy" } }],
  ["starting", { Health: { Status: "starting" } }],
])("finds one that was well, and is %s by the time that the others have started", async (how, web) => {
  expect(await watched({ db: HEALTHY, web, job: DONE })).toContain(`web: was well, and ${how} while others started`);
});
