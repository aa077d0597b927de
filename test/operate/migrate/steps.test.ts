import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { OLD_PLACES } from "../../../lib/lamb/facts/old-places";
import { Docker } from "../../../lib/operate/engine/docker";
import { PROJECT_MODEL } from "../../../lib/operate/engine/model";
import { ComposeProject } from "../../../lib/operate/engine/project";
import type { Prepared } from "../../../lib/operate/migrate/plan";
import { migrateOperation } from "../../../lib/operate/migrate/steps";
import { type Answer, FakeDocker } from "../engine/fake-docker";

let dir = "";
let engine: FakeDocker;
const notes: string[] = [];
const PORT = 9099;
let answers: readonly Answer[] = [];

function planned() {
  const docker = new Docker(engine.environment);
  const places = OLD_PLACES.slice(0, 1).map(
    (place) => ({ place, kind: "bind", source: "/opt/lamb", folders: [""] }) as const,
  );
  const project = new ComposeProject(dir, docker);
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
  const prepared = {
    plan,
    source,
    release: "0.7",
    model: PROJECT_MODEL.parse({ name: "new" }),
    places,
    choices: {},
    values: new Map(),
  };
  const progress = { step: () => {}, note: (text: string) => notes.push(text) };
  const request = {
    ...{ from: "/opt/lamb", dir, environment: engine.environment, choices: {}, leave: [], docker, progress },
  };
  return migrateOperation(request, prepared, project, { running: "one two" });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-steps-"));
  writeFileSync(join(dir, ".env"), "");
  notes.length = 0;
  const model = {
    name: "new",
    services: { lamb: { image: "x", ports: [{ target: 9099, published: `${PORT}` }] } },
    volumes: { "lamb-data": { name: "new_lamb-data" } },
  };
  const container = { Id: "two", Name: "two", Image: "x", RestartCount: 0 };
  const seen = { ...container, State: { Status: "exited", ExitCode: 0, StartedAt: "" }, Config: { Image: "x" } };
  answers = [
    { when: "compose config", stdout: JSON.stringify(model) },
    { when: "compose down" },
    { when: "volume inspect" },
    { when: "volume rm" },
    // Of two that ran somebody has removed one.
    { when: "container inspect one two", stdout: JSON.stringify([seen]), code: 1 },
    { when: "start two" },
    { when: "stop two" },
    { when: "ps" },
  ];
  engine = new FakeDocker(answers);
});
afterEach(() => {
  engine.remove();
  rmSync(dir, { recursive: true, force: true });
});

it("going back removes copies that no service has had, and starts what ran", async () => {
  const { steps, touches, back = [] } = await planned();
  expect(steps.map(({ id }) => id)).toEqual(["pull", "volumes", "first", "stop", "take", "start lamb", "record"]);
  expect([...touches]).toEqual(["stop", "take", "start lamb", "record"]);
  for (const step of back) await step.run({});
  expect(engine.asked.slice(1)).toEqual([
    "compose down",
    "volume inspect new_lamb-data",
    "volume rm new_lamb-data",
    "container inspect one two",
    "start two",
  ]);
});

it("going back leaves copies into which somebody may have written", async () => {
  const { back = [] } = await planned();
  for (const step of back) await step.run({ filled: "yes" });
  expect(engine.asked.slice(1)).toEqual(["compose down", "container inspect one two", "start two"]);
  expect(notes.join()).toContain("people may have written into them: new_lamb-data");
});

it("a port that is taken although the older installation has stopped is told before anything more is copied", async () => {
  const stop = (await planned()).steps.find(({ id }) => id === "stop");
  await stop?.run({});
  const other = { Names: "web", Ports: `0.0.0.0:${PORT}->80/tcp`, Labels: "" };
  engine.answer([{ when: "ps --format json", stdout: JSON.stringify(other) }, ...answers]);
  await expect(stop?.run({})).rejects.toMatchObject({ code: "port-taken", path: `lamb: ${PORT}/tcp` });
});
