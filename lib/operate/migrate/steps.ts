import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../disk/replace-file";
import { RELEASES, servicesOf } from "../../lamb/facts/releases";
import { amounts } from "../amounts";
import { makeVolumes, volumeNames } from "../data/generations";
import { examine } from "../doctor/doctor";
import { linesIn } from "../engine/answer";
import type { Docker } from "../engine/docker";
import { CONTAINER, type ProjectModel } from "../engine/model";
import { type ComposeProject, inspect, inspectImages } from "../engine/project";
import { pullMissing } from "../engine/pull";
import { redactorOf } from "../engine/redact";
import { startOrder } from "../engine/start-order";
import { startService } from "../engine/start-service";
import { OperateError } from "../error";
import { isBelow } from "../is-below";
import { STATE_FOLDER, stateFolder } from "../journal/folder";
import { type Facts, type Operation, type Progress, type Step, step, wordsIn } from "../journal/operation";
import { recordState } from "../journal/record-state";
import { changedRows } from "../relink/frozen";
import { frozenSpec, surveyed, withLayers } from "./places";
import { type MigrationRequest, type Prepared, plannedColumns, programOf } from "./plan";
import { heldPaths, holdersOf, inUse } from "./processes";
import type { DataProgram, Rewritten, Taken, Targets } from "./program";

/** What it is called in the journal. */
export const MIGRATE_NAME = "migrate";
/** In the folder of the state: what was copied, and what was rewritten. */
export const MIGRATION_FILE = "migration.json";
/** In the folder of the state: what lay in the layers of containers. */
const LAYERS = "migrate.data";
/** Seconds that containers may take to stop. */
const STOP_LIMIT = 600;

/** What the steps work on. */
interface Room {
  readonly request: MigrationRequest & { readonly progress: Progress };
  readonly prepared: Prepared;
  readonly project: ComposeProject;
  readonly model: ProjectModel;
  /** The volumes that are filled. */
  readonly targets: Targets;
  /** Ids of the containers that ran. */
  readonly running: readonly string[];
  /** What looks at data and copies them: looked for when it is needed. */
  readonly program: () => Promise<DataProgram>;
}

/** The steps of a migration, and the way back to the older installation. */
export async function migrateOperation(
  request: Room["request"],
  prepared: Prepared,
  project: ComposeProject,
  facts: Facts,
): Promise<Operation> {
  const { dir, progress } = request;
  const model = await project.model();
  const keys = [...new Set(prepared.places.map(({ place }) => place.volume))];
  const targets = Object.fromEntries(volumeNames(model, keys).map(({ key, name }) => [key, name]));
  let found: Promise<DataProgram> | undefined;
  const program = () => {
    found ??= programOf(request, prepared.source, model);
    return found;
  };
  const room: Room = { request, prepared, project, model, targets, running: wordsIn(facts.running), program };
  const redact = await redactorOf(dir);
  let first: Taken | undefined;
  const starts = startOrder(model).map((service) =>
    step(`start ${service}`, `starting ${service}`, () => startService(project, service, { redact, progress })),
  );
  const steps: readonly Step[] = [
    step("pull", "pulling the images that are missing", () => pullMissing(project, progress)),
    step("volumes", "making the volumes", () => makeVolumes(project, keys)),
    step("first", "copying the data while the older installation runs", async () => {
      first = await takeAll(room, true, undefined);
    }),
    step("stop", "stopping the older installation; users wait from here on", async () => {
      await stopSource(room);
      await refuseTakenPorts(request);
    }),
    {
      id: "take",
      what: "copying what changed since, and rewriting what names old places",
      run: async () => {
        const taken = await takeAll(room, false, first);
        await writeManifest(room, taken, await rewriteAll(room));
        return { filled: "yes" };
      },
    },
    ...starts,
    {
      id: "record",
      what: "keeping the state",
      run: async () => {
        const kept = `${await recordState(project, MIGRATE_NAME, new Date())}`;
        await rm(join(dir, STATE_FOLDER, LAYERS), { recursive: true, force: true });
        return { kept };
      },
    },
  ];
  const ids = steps.map(({ id }) => id);
  return { name: MIGRATE_NAME, steps, touches: new Set(ids.slice(ids.indexOf("stop"))), back: backSteps(room) };
}

function backSteps({ request: { dir, docker, progress }, project, targets, running }: Room): readonly Step[] {
  return [
    step("back down", "removing the containers of the new deployment", () =>
      project.must(["down"], { timeout: STOP_LIMIT }),
    ),
    {
      id: "back volumes",
      what: "removing the copies that are not whole",
      run: async (facts) => {
        await rm(join(dir, STATE_FOLDER, LAYERS), { recursive: true, force: true });
        const names = Object.values(targets);
        if (facts.filled !== undefined) {
          // Services have had them, and somebody may have written.
          progress.note(
            `the copies stay, because people may have written into them: ${names.join(", ")}; before the next migration, remove them with \`docker compose --project-directory ${dir} down --volumes\``,
          );
          return undefined;
        }
        for (const name of names) {
          if ((await docker.run(["volume", "inspect", name])).code === 0) await docker.must(["volume", "rm", name]);
        }
        return undefined;
      },
    },
    step("back start", "starting the older installation", () => those(docker, "start", running)),
  ];
}

/** Stops or starts containers, but for those that somebody has removed. */
async function those(docker: Docker, verb: "stop" | "start", ids: readonly string[]): Promise<void> {
  const there = (await inspect(docker, "container", CONTAINER, ids)).map(({ Id }) => Id);
  if (there.length > 0) await docker.must([verb, ...there], { timeout: STOP_LIMIT });
}

async function stopSource({ request: { docker }, prepared, running }: Room): Promise<void> {
  await those(docker, "stop", running);
  const sources = prepared.places.filter(({ kind }) => kind !== "layer").map(({ source }) => source);
  const uses = ({ Source, Name = "" }: { readonly Source: string; readonly Name?: string | undefined }) =>
    sources.some((source) => Name === source || isBelow(Source, source));
  const ids = linesIn(await docker.must(["ps", "--no-trunc", "--quiet"]));
  const up = (await inspect(docker, "container", CONTAINER, ids)).filter(({ Mounts }) => Mounts.some(uses));
  const names = up.map(({ Name }) => Name);
  const held = (await holdersOf(heldPaths(prepared.places))).map(({ pid, name }) => `${name} (process ${pid})`);
  if (names.length + held.length > 0) throw inUse([...names, ...held]);
}

/** What the older installation published is free now. What else is taken keeps the new one from starting. */
async function refuseTakenPorts({ dir, environment }: MigrationRequest): Promise<void> {
  const troubles = (await examine({ dir, environment, only: new Set(["ports-free"]) })).flatMap((one) => one.troubles);
  const [first] = troubles;
  if (first === undefined) return;
  const path = troubles.map(({ subject }) => subject).join(", ");
  const reason = [...new Set(troubles.map((one) => one.reason))].join("; ");
  throw new OperateError({ code: "port-taken", path, reason, fix: first.fix });
}

async function takeAll(room: Room, live: boolean, known: Taken | undefined): Promise<Taken> {
  const { request, prepared, targets } = room;
  const { dir, docker, progress } = request;
  const layers = await stateFolder(dir, LAYERS);
  const places = await withLayers(docker, prepared.places, layers);
  const program = await room.program();
  // Links may have come since the plan.
  const { mounts, places: specs } = await surveyed(program, places, prepared.release, undefined);
  const taken = await program.take(mounts, targets, { places: specs, live, known }, amounts(progress));
  const count = taken.reduce((sum, files) => sum + files.length, 0);
  progress.note(live ? `${count} files are copied` : `${count} files were read on both sides, and are the same`);
  return taken;
}

async function rewriteAll(room: Room): Promise<Rewritten> {
  const { request, model, targets } = room;
  const program = await room.program();
  const rewritten = await program.rewrite(targets, frozenSpec(model), await ownersOf(room));
  const columns = plannedColumns(rewritten);
  const lost = columns.reduce((sum, one) => sum + one.lost, 0);
  const gone = lost > 0 ? `; ${lost} name files that were not there before, and stay as they are` : "";
  request.progress.note(`${changedRows(columns)} rows that name old places were rewritten${gone}`);
  return rewritten;
}

async function writeManifest({ request: { dir }, prepared }: Room, taken: Taken, rewritten: Rewritten): Promise<void> {
  const { source, release, plan } = prepared;
  const places = plan.places.map(({ holds, from, to }, at) => {
    const files = (taken[at] ?? []).map(([path, bytes, , , sha256]) => [path, bytes, sha256]);
    return { holds, from, to, files };
  });
  const databases = Object.entries(rewritten.databases).map(([name, { after }]) => [name, after] as const);
  const content = {
    time: new Date().toISOString(),
    from: source.dir,
    kind: source.kind,
    release,
    files: places,
    rewritten: plannedColumns(rewritten),
    rows: Object.fromEntries(databases),
  };
  const path = join(await stateFolder(dir), MIGRATION_FILE);
  await replaceFile(path, `${JSON.stringify(content, undefined, 1)}\n`);
  await chmod(path, 0o600);
}

/** The user and group of the service to which each volume belongs. What cannot be found out keeps its owner. */
async function ownersOf({ request: { docker }, model, targets }: Room) {
  const owners: Record<string, readonly [number, number]> = {};
  for (const key of Object.keys(targets)) {
    const service = model.services[ownerOf(key, model)];
    if (service?.image === undefined) continue;
    const { image, user } = service;
    const as = typeof user === "string" && user !== "" ? ["--user", user] : [];
    const words = ["run", "--rm", "--pull", "never", "--network", "none", ...as, "--entrypoint", "sh", image];
    const { code, stdout } = await docker.run([...words, "-c", "id -u; id -g"]);
    const [uid, gid] = stdout.trim().split(/\s+/).map(Number);
    const found = code === 0 && uid !== undefined && gid !== undefined ? ([uid, gid] as const) : undefined;
    const owner = found ?? (await declaredUser(docker, image));
    if (owner !== undefined) owners[key] = owner;
  }
  return owners;
}

/** The user of an image without a shell. */
async function declaredUser(docker: Docker, image: string) {
  const [found] = await inspectImages(docker, [image]);
  const [, user, group = user] = /^(\d+)(?::(\d+))?$/.exec(found?.Config?.User ?? "") ?? [];
  return user === undefined ? undefined : ([Number(user), Number(group)] as const);
}

/** The service whose volume it is: of those that mount it, the one whose facts say so. */
function ownerOf(key: string, { services }: ProjectModel): string {
  const facts = RELEASES.flatMap(servicesOf).find(({ folders }) => {
    return Object.values(folders).some(({ volume, of }) => volume === key && of === undefined);
  });
  if (facts !== undefined && services[facts.name] !== undefined) return facts.name;
  return Object.keys(services).find((name) => services[name]?.volumes.some(({ source }) => source === key)) ?? "";
}
