import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { OLD_PLACES } from "../../../lib/lamb/facts/old-places";
import { Docker } from "../../../lib/operate/engine/docker";
import { ComposeProject } from "../../../lib/operate/engine/project";
import type { Prepared } from "../../../lib/operate/migrate/plan";
import { migrateOperation } from "../../../lib/operate/migrate/steps";
import { FakeDocker } from "../engine/fake-docker";

let dir = "";
let engine: FakeDocker;
const notes: string[] = [];

/** What it would take to go back. */
async function backOf(facts: Readonly<Record<string, string>>) {
  const docker = new Docker(engine.environment);
  const places = OLD_PLACES.slice(0, 1).map(
    (place) => ({ place, kind: "bind", source: "/opt/lamb", folders: [""] }) as const,
  );
  const project = new ComposeProject(dir, docker);
  const model = await project.model();
  const source: Prepared["source"] = {
    dir: "/opt/lamb",
    kind: "checkout",
    project: undefined,
    values: [],
    unreadable: [],
    places,
    containers: [],
    keys: [],
  };
  const plan: Prepared["plan"] = {
    ...{
      from: "/opt/lamb",
      kind: "checkout",
      project: undefined,
      release: "0.7",
      places: [],
      left: [],
      bytes: 0,
      free: 0,
    },
    ...{ variables: [], unreadable: [], needed: [], frozen: [], addresses: [], lms: [], running: [], returning: [] },
    ...{ holders: [], prefix: undefined },
  };
  const prepared = { plan, source, release: "0.7", model, places, choices: {}, values: new Map() };
  const progress = { step: () => {}, note: (text: string) => notes.push(text) };
  const request = { from: "/opt/lamb", dir, environment: {}, choices: {}, leave: [], docker, progress };
  const { back = [], steps, touches } = await migrateOperation(request, prepared, project, { running: "one two" });
  for (const step of back) await step.run(facts);
  return { ids: steps.map(({ id }) => id), touches: [...touches] };
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-steps-"));
  writeFileSync(join(dir, ".env"), "");
  notes.length = 0;
  const model = {
    name: "new",
    services: { lamb: { image: "x" } },
    volumes: { "lamb-data": { name: "new_lamb-data" } },
  };
  const container = { Id: "two", Name: "two", Image: "x", RestartCount: 0 };
  const seen = { ...container, State: { Status: "exited", ExitCode: 0, StartedAt: "" }, Config: { Image: "x" } };
  engine = new FakeDocker([
    { when: "compose config", stdout: JSON.stringify(model) },
    { when: "compose down" },
    { when: "volume inspect" },
    { when: "volume rm" },
    // Of two that ran somebody has removed one.
    { when: "container inspect one two", stdout: JSON.stringify([seen]), code: 1 },
    { when: "start two" },
  ]);
});
afterEach(() => {
  engine.remove();
  rmSync(dir, { recursive: true, force: true });
});

it("going back removes copies that no service has had, and starts what ran", async () => {
  const { ids, touches } = await backOf({});
  expect(ids).toEqual(["pull", "volumes", "first", "stop", "take", "start lamb", "record"]);
  expect(touches).toEqual(["stop", "take", "start lamb", "record"]);
  expect(engine.asked.slice(1)).toEqual([
    "compose down",
    "volume inspect new_lamb-data",
    "volume rm new_lamb-data",
    "container inspect one two",
    "start two",
  ]);
});

it("going back leaves copies into which somebody may have written", async () => {
  await backOf({ filled: "yes" });
  expect(engine.asked.slice(1)).toEqual(["compose down", "container inspect one two", "start two"]);
  expect(notes.join()).toContain("people may have written into them: new_lamb-data");
});
