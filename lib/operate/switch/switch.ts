import { join } from "node:path";
import { z } from "zod";
import { DATA_GENERATION } from "../../construct/data-volume";
import { readText } from "../../disk/read-file";
import type { Environment } from "../../env/file";
import { Copier, type VolumePair } from "../data/copier";
import { dataVolumeKeys, generationsOf, inGeneration, makeVolumes, volumeNames } from "../data/generations";
import { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import { thaw, whileFrozen } from "../engine/freeze";
import { type ProjectModel, serviceOf } from "../engine/model";
import { ComposeProject } from "../engine/project";
import { redactor } from "../engine/redact";
import { startOrder } from "../engine/start-order";
import { startService } from "../engine/start-service";
import { readDeployment } from "../env/directory";
import { OperateError } from "../error";
import { readHistory, stateFiles } from "../journal/history";
import type { Facts, Operation, Progress, Step } from "../journal/operation";
import { recordState } from "../journal/record-state";
import { changeEnv, putState } from "../journal/state-files";
import { askOutside } from "../verify/outside";
import { type ServiceGroup, serviceGroups } from "./groups";
import { endRehearsal, rehearsalOf, watchServices } from "./rehearsal";

/** Seconds that images may take to come. */
const PULL_LIMIT = 3600;
/** Seconds for which a rehearsed service is watched after it is well. */
const REHEARSED_SECONDS = 5;

const PLAN = z.object({
  /** Name of the command. */
  operation: z.string(),
  /** The state that runs before, as a number of the history. */
  state: z.coerce.number(),
  /** The folder with the files that are to run. The directory itself when they are there already. */
  folder: z.string(),
  /** The generation of the data that runs before, and the one that is to run. */
  before: z.string(),
  after: z.string(),
  /** Whether the data are copied to the other generation first. */
  copies: z.stringbool(),
  rehearses: z.stringbool(),
  /** Seconds for which services are watched after the switch. */
  watch: z.coerce.number(),
  /** How many generations of the data stay. */
  keep: z.coerce.number(),
  /** What was well from outside before, by name. */
  outside: z.string().transform((text) => text.split(" ").filter((id) => id !== "")),
});

/** A deployment that is to become another one, or the one that it was. */
export type SwitchPlan = z.infer<typeof PLAN>;

/** A plan as it stands in the journal. */
export function planAsFacts(plan: SwitchPlan): Facts {
  const entries = Object.entries(plan).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.join(" ") : `${value}`,
  ]);
  return Object.fromEntries(entries);
}

/** The plan in the journal of an operation that was cut off. */
export function planFromFacts(facts: Facts): SwitchPlan {
  return PLAN.parse(facts);
}

export interface SwitchOptions {
  readonly dir: string;
  readonly environment: Environment;
  readonly progress: Progress;
}

/** What a switch works on. */
interface Room extends SwitchOptions {
  readonly docker: Docker;
  readonly plan: SwitchPlan;
  /** The files that are to run, with the data that are to run. */
  readonly target: ComposeProject;
  readonly model: ProjectModel;
  /** Keys of the volumes with data. */
  readonly keys: readonly string[];
  readonly redact: (text: string) => string;
  /** Service → seconds until it was well. */
  readonly seconds: Record<string, number>;
  /** Found when it is first needed. */
  copier?: Promise<Copier>;
}

/** The files of a folder as if they lay in the directory of the deployment. */
export async function projectAt(
  { dir, environment }: Pick<SwitchOptions, "dir" | "environment">,
  folder: string,
  generation: string,
): Promise<ComposeProject> {
  const home = new ComposeProject(dir, new Docker(environment));
  if (folder === dir) return inGeneration(home, generation);
  const { contract } = await readDeployment(folder, environment);
  const names = contract.files.filter(({ chosen }) => chosen).map(({ fileName }) => fileName);
  const { name } = await home.model();
  return inGeneration(home.ofFiles(folder, names), generation).with({ COMPOSE_PROJECT_NAME: name });
}

/**
 * The steps that make a deployment another one, each on data of its own: what was stays as it is until somebody removes it,
 * and whatever fails leads back to it.
 */
export async function switchOperation(plan: SwitchPlan, options: SwitchOptions): Promise<Operation> {
  const target = await projectAt(options, plan.folder, plan.after);
  const model = await target.model();
  const keys = await dataVolumeKeys(target);
  const redact = redactor((await readText(join(options.dir, ".env"))) ?? "");
  const room: Room = { ...options, docker: target.docker, plan, target, model, keys, redact, seconds: {} };
  const groups = serviceGroups(model, keys);
  const moving = groups.flatMap((group, at) => groupSteps(room, group, at));
  const steps = [
    ...(plan.copies ? copyingSteps(room) : []),
    step("files", "putting the new files and the generation of the data in place", () => putFiles(room)),
    ...moving,
    ...endingSteps(room),
  ];
  const ids = steps.map(({ id }) => id);
  const touches = new Set(ids.slice(ids.indexOf("files")));
  return { name: plan.operation, steps: [pullStep(room), ...steps], touches, back: backSteps(room) };
}

/** A step that later ones need nothing of. */
function step(id: string, what: string, run: (facts: Facts) => Promise<unknown>): Step {
  return {
    id,
    what,
    run: async (facts) => {
      await run(facts);
      return undefined;
    },
  };
}

function pullStep({ target, progress }: Room): Step {
  return step("pull", "pulling the images that are missing", async () => {
    await target.must(["pull", "--policy", "missing", "--ignore-buildable"], {
      timeout: PULL_LIMIT,
      onLine: (line) => {
        if (/ Pull(ing|ed)\s*$/.test(line)) progress.note(line.trim());
      },
    });
  });
}

/** The data of a group, or all, from the generation before to the one after. */
async function pairsOf(room: Room, keys: readonly string[] = room.keys): Promise<readonly VolumePair[]> {
  const { plan, model, target } = room;
  const old = await inGeneration(target, plan.before).model();
  const there = new Set((await generationsOf(target, room.keys)).get(plan.before));
  const { stores } = releaseFacts(model);
  return volumeNames(model, keys).flatMap(({ key, name: to }) => {
    const from = old.volumes[key]?.name;
    // A volume that the new release brings begins empty.
    if (from === undefined || !there.has(from)) return [];
    return [{ from, to, databases: stores[key]?.databases ?? [], writtenOnce: stores[key]?.writtenOnce }];
  });
}

function copierOf(room: Room): Promise<Copier> {
  room.copier ??= room.target
    .containers()
    .then((containers) => Copier.find(room.docker, [...new Set(containers.map(({ Image }) => Image))]));
  return room.copier;
}

function copyingSteps(room: Room): readonly Step[] {
  const { plan, keys, target, docker, progress } = room;
  const first = step("copy", "copying the data, while all runs", async () => {
    await makeVolumes(target, keys);
    const start = performance.now();
    const written = await (await copierOf(room)).sync(await pairsOf(room));
    progress.note(`${megabytes(written)} copied in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  });
  if (!plan.rehearses) return [first];
  return [
    first,
    step("freeze", "copying what changed meanwhile, at one instant", async () => {
      const copier = await copierOf(room);
      const pairs = await pairsOf(room);
      const seconds = await whileFrozen(
        new ComposeProject(room.dir, docker),
        pairs.map(({ from }) => from),
        async () => {
          await copier.sync(pairs);
        },
      );
      progress.note(`services were held for ${seconds.toFixed(1)} s`);
    }),
    step("rehearse", "trying the new release on the copy", () => rehearse(room)),
  ];
}

async function rehearse(room: Room): Promise<void> {
  const { plan, target, model, keys, docker, redact, progress } = room;
  await endRehearsal(docker, model.name);
  const rehearsal = await rehearsalOf(target, keys, plan.folder);
  const pairs = await pairsOf(room);
  const copier = await copierOf(room);
  try {
    for (const service of startOrder(model)) {
      const start = performance.now();
      await startService(rehearsal, service, { redact, model });
      room.seconds[service] = (performance.now() - start) / 1000;
    }
    await watchServices(rehearsal, REHEARSED_SECONDS);
    await docker.must(["stop", ...(await rehearsal.containers()).map(({ Id }) => Id)]);
    await copier.check(pairs);
  } catch (error) {
    if (!(error instanceof OperateError)) throw error;
    const { code, path = "", reason } = error;
    const fix = "what runs was not touched; give what it says to whoever made the release";
    throw new OperateError({ code, path, reason: `in the rehearsal: ${reason}`, fix });
  } finally {
    await endRehearsal(docker, model.name);
  }
  const slowest = Math.max(0, ...Object.values(room.seconds));
  progress.note(`it starts, and its data are sound; the slowest service took ${slowest.toFixed(1)} s`);
}

async function putFiles({ plan, dir }: Room): Promise<void> {
  const values = new Map([[DATA_GENERATION.name, plan.after]]);
  if (plan.folder === dir) await changeEnv(dir, values);
  else await putState(plan.folder, dir, values);
}

function groupSteps(room: Room, group: ServiceGroup, at: number): readonly Step[] {
  const { plan, dir, docker, progress, redact } = room;
  const names = group.services.join(", ");
  const starts = group.services.map((service) =>
    step(`start ${service}`, `starting ${service}`, async () => {
      const start = performance.now();
      await startService(new ComposeProject(dir, docker), service, {
        redact,
        waiting: (seconds) => progress.note(`${service} is not up yet after ${seconds} s`),
      });
      room.seconds[service] = Math.round((performance.now() - start) / 100) / 10;
    }),
  );
  if (group.volumes.length === 0 || !plan.copies) return starts;
  return [
    step(`stop ${at}`, `stopping ${names}; requests wait`, async () => {
      const containers = await new ComposeProject(dir, docker).containers();
      const own = containers.filter((container) => group.services.includes(serviceOf(container)));
      if (own.length > 0) await docker.must(["stop", ...own.map(({ Id }) => Id)]);
    }),
    {
      id: `take ${at}`,
      what: "copying what changed since, and checking the databases",
      run: async () => {
        await (await copierOf(room)).take(await pairsOf(room, group.volumes));
        // From here on people may write into the copies.
        return { served: "yes" };
      },
    },
    ...starts,
  ];
}

function endingSteps(room: Room): readonly Step[] {
  const { plan, dir, docker, model } = room;
  return [
    step("gone", "removing containers of services that are no more", async () => {
      const before = (await readHistory(dir)).find(({ number }) => number === plan.state);
      await removeGone(room, Object.keys(before?.hashes ?? {}));
    }),
    step("verify", "asking from outside", async () => {
      const questions = Object.entries(releaseFacts(model).outside).filter(([id]) => plan.outside.includes(id));
      const bad = (await askOutside(Object.fromEntries(questions))).filter(({ problem }) => problem !== undefined);
      if (bad.length === 0) return;
      const reason = bad.map(({ what, url, problem }) => `not true that ${what}: ${url}: ${problem}`).join("; ");
      throw new OperateError({ code: "not-verified", reason, fix: "look into the logs: docker compose logs" });
    }),
    step("watch", `watching for ${plan.watch} s`, () => watchServices(new ComposeProject(dir, docker), plan.watch)),
    {
      id: "record",
      what: "keeping the state",
      run: async () => {
        const number = await recordState(new ComposeProject(dir, docker), plan.operation, new Date(), room.seconds);
        return { kept: `${number}` };
      },
    },
    step("tidy", "removing data that are older than what is kept", () => removeGenerations(room)),
  ];
}

/** Removes the containers of services that the files do not have any more. Others that are in no file are left alone. */
async function removeGone({ dir, docker }: Room, had: readonly string[]): Promise<void> {
  const project = new ComposeProject(dir, docker);
  const { services } = await project.model();
  const gone = (await project.containers()).filter((container) => {
    const service = serviceOf(container);
    return services[service] === undefined && had.includes(service);
  });
  if (gone.length > 0) await docker.must(["rm", "--force", ...gone.map(({ Id }) => Id)]);
}

/** Removes generations of the data, but for the last that ran. What cannot be removed is said, and is no failure. */
async function removeGenerations(room: Room): Promise<void> {
  const { plan, target, keys, docker, dir, progress } = room;
  const ran = (await readHistory(dir)).map(({ generation }) => generation).reverse();
  const kept = new Set([plan.after, plan.before, ...[...new Set(ran)].slice(0, plan.keep)]);
  for (const [generation, volumes] of await generationsOf(target, keys)) {
    if (kept.has(generation)) continue;
    const { code } = await docker.run(["volume", "rm", ...volumes]);
    progress.note(
      code === 0
        ? `removed the data of generation ${generation || "1"}`
        : `could not remove all of ${volumes.join(", ")}: remove them with docker volume rm`,
    );
  }
}

function backSteps(room: Room): readonly Step[] {
  const { plan, dir, docker, model, keys, target, progress, redact } = room;
  const home = () => new ComposeProject(dir, docker);
  return [
    step("back rehearsal", "removing the rehearsal", () => endRehearsal(docker, model.name)),
    step("back thaw", "letting paused services go on", () => thaw(home())),
    step("back files", "putting back the files and the .env", () => putState(stateFiles(dir, plan.state), dir)),
    step("back start", "starting what was before, on its data", async () => {
      for (const service of startOrder(await home().model())) {
        await startService(home(), service, {
          redact,
          waiting: (seconds) => progress.note(`${service} is not up yet after ${seconds} s`),
        });
      }
      await removeGone(room, Object.keys(model.services));
    }),
    step("back data", "removing the copies", async (facts) => {
      const volumes = plan.copies ? ((await generationsOf(target, keys)).get(plan.after) ?? []) : [];
      if (volumes.length === 0) return;
      if (facts.served === undefined) await docker.run(["volume", "rm", ...volumes]);
      else progress.note(`what was written meanwhile is in ${volumes.join(", ")}; docker volume rm removes it`);
    }),
  ];
}

/** Bytes, as people read them. */
export function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
