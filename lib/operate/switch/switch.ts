import { DATA_GENERATION } from "../../construct/data-volume";
import { amounts } from "../amounts";
import { dataVolumeKeys, generationsOf, volumeNames } from "../data/generations";
import { releaseFacts } from "../engine/facts";
import { thaw } from "../engine/freeze";
import { serviceOf } from "../engine/model";
import { ComposeProject } from "../engine/project";
import { pullMissing } from "../engine/pull";
import { redactorOf } from "../engine/redact";
import { startOrder } from "../engine/start-order";
import { startService } from "../engine/start-service";
import { messageOf, OperateError } from "../error";
import { readHistory, stateFiles } from "../journal/history";
import type { OpenedDeployment } from "../journal/open";
import { type Facts, type Operation, type Step, step } from "../journal/operation";
import { recordState } from "../journal/record-state";
import { changeEnv, putState } from "../journal/state-files";
import { frozenSpec } from "../migrate/places";
import { changedRows, rewriteRows } from "../relink/frozen";
import { askOutside } from "../verify/outside";
import { copyingSteps } from "./copying";
import { type ServiceGroup, serviceGroups } from "./groups";
import { fromWords, giveNames, takeNamesBack } from "./image-names";
import { waitsFor } from "./layout";
import { planAsFacts, type SwitchPlan } from "./plan";
import { endRehearsal, watchServices } from "./rehearsal";
import { copierOf, pairsOf, projectAt, type Room, type SwitchOptions } from "./room";
import { startTogether } from "./start-together";

export { planAsFacts, planFromFacts, type SwitchPlan } from "./plan";
export { projectAt } from "./room";

/** What the journal says from where on somebody may have written into the data that are to run. */
const SERVED = { served: "yes" };

/**
 * The steps that make a deployment another one, each on data of its own: what was stays as it is until somebody removes it,
 * and whatever fails leads back to it.
 */
export async function switchOperation(plan: SwitchPlan, options: SwitchOptions): Promise<Operation> {
  const target = await projectAt(options, plan.folder, plan.after);
  const model = await target.model();
  const keys = await dataVolumeKeys(target);
  const [redactOld, redactNew] = [await redactorOf(options.dir), await redactorOf(plan.folder)];
  const redact = (text: string) => redactNew(redactOld(text));
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
  return {
    name: plan.operation,
    steps: [...nameSteps(room), pullStep(room), ...steps],
    touches,
    back: backSteps(room),
    noReturn: (facts, error) => changedInPlace(room, facts, error),
  };
}

/** Runs a switch: from its beginning, or from where it was cut off. */
export async function runSwitch(plan: SwitchPlan, options: SwitchOptions, opened: OpenedDeployment) {
  const result = await opened.run(await switchOperation(plan, options), planAsFacts(plan));
  return { ...result, kind: "ended", state: plan.state } as const;
}

/** Images come back under their names before anything else is pulled, or tried. */
function nameSteps({ plan, docker, progress }: Room): readonly Step[] {
  if (plan.names === undefined || plan.names.length === 0) return [];
  const give = () => giveNames(docker, fromWords(plan.names), progress);
  return [step("names", "giving images their names of that time", give)];
}

function backNameSteps({ plan, docker }: Room): readonly Step[] {
  if (plan.names === undefined || plan.names.length === 0) return [];
  const takeBack = () => takeNamesBack(docker, fromWords(plan.names));
  return [step("back names", "giving images their earlier names", takeBack)];
}

function pullStep({ target, progress }: Room): Step {
  return step("pull", "pulling the images that are missing", () => pullMissing(target, progress));
}

async function putFiles({ plan, dir }: Room): Promise<void> {
  const values = new Map([[DATA_GENERATION.name, plan.after]]);
  if (plan.folder === dir) await changeEnv(dir, values);
  else await putState(plan.folder, dir, values);
}

function groupSteps(room: Room, group: ServiceGroup, at: number): readonly Step[] {
  const { plan, dir, docker, progress, redact } = room;
  const names = group.services.join(", ");
  const start = async (service: string, failed: AbortSignal) => {
    const began = performance.now();
    await startService(new ComposeProject(dir, docker), service, { redact, progress, signal: failed });
    room.seconds[service] = Math.round((performance.now() - began) / 100) / 10;
  };
  const starts = step(`start ${at}`, `starting ${names}`, (facts) =>
    startTogether(group.services, (service) => waitsFor(room.model, service, facts), start),
  );
  const isInPlace = plan.snapshot !== undefined;
  if (group.volumes.length === 0 || !(plan.copies || isInPlace)) return [starts];
  const stop = step(`stop ${at}`, `stopping ${names}; requests wait`, async () => {
    const containers = await new ComposeProject(dir, docker).containers();
    const own = containers.filter((container) => group.services.includes(serviceOf(container)));
    if (own.length > 0) await docker.must(["stop", ...own.map(({ Id }) => Id)]);
  });
  // From here on the new release changes the only data that there are.
  if (isInPlace)
    return [stop, { id: `change ${at}`, what: "changing the data in place", run: async () => SERVED }, starts];
  return [
    stop,
    {
      id: `take ${at}`,
      what: plan.relinks
        ? "copying what changed since, and rewriting what it has saved of addresses and keys"
        : "copying what changed since, and checking the databases",
      run: async () => {
        await (await copierOf(room)).take(await pairsOf(room, group.volumes), amounts(progress));
        const rows = plan.relinks ? await relinkCopies(room, group) : {};
        // From here on people may write into the copies.
        return { ...SERVED, ...rows };
      },
    },
    starts,
  ];
}

/** Has the copies of a group say what its services are given now. */
async function relinkCopies(room: Room, { volumes, services }: ServiceGroup): Promise<Facts> {
  const { docker, model, progress } = room;
  const names = volumeNames(model, volumes).map(({ key, name }) => [key, name] as const);
  const data = { docker, copier: await copierOf(room), project: model.name, volumes: Object.fromEntries(names) };
  const columns = (await rewriteRows(data, frozenSpec(model))).filter(({ changed }) => changed > 0);
  for (const { holds, place, changed } of columns) progress.note(`${changed} rows: ${holds} (${place})`);
  return { [`relinked ${services.join(" ")}`]: `${changedRows(columns)}` };
}

function endingSteps(room: Room): readonly Step[] {
  const { plan, dir, docker, model } = room;
  return [
    step("gone", "removing containers of removed services", async () => {
      const before = (await readHistory(dir)).find(({ number }) => number === plan.state);
      await removeGone(room, Object.keys(before?.hashes ?? {}));
    }),
    step("verify", "asking from outside", async () => {
      const questions = Object.entries(releaseFacts(model).outside).filter(([id]) => plan.outside.includes(id));
      const bad = (await askOutside(Object.fromEntries(questions))).filter(({ problem }) => problem !== undefined);
      if (bad.length === 0) return;
      const reason = bad.map(({ what, url, problem }) => `${what}: failed: ${url}: ${problem}`).join("; ");
      throw new OperateError({ code: "not-verified", reason, fix: "look into the logs: docker compose logs" });
    }),
    step("watch", `watching for ${plan.watch} s`, () =>
      watchServices(new ComposeProject(dir, docker), plan.watch, model),
    ),
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

/** Why there is no way back but a backup, where the new release has begun to change the only data that there are. */
function changedInPlace({ plan, dir }: Room, facts: Facts, error: unknown): OperateError | undefined {
  if (plan.snapshot === undefined || facts.served === undefined) return undefined;
  return new OperateError({
    code: "changed-in-place",
    path: dir,
    reason: `has data that the new release has changed in place, and it failed: ${messageOf(error)}`,
    fix: `bring back the backup, and all else with it: lamb-compose restore ${plan.snapshot} --dir ${dir}`,
  });
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
    step("back thaw", "resuming paused services", () => thaw(home())),
    ...backNameSteps(room),
    step("back files", "restoring the files and the .env", () => putState(stateFiles(dir, plan.state), dir)),
    step("back start", "starting the earlier deployment on its data", async () => {
      for (const service of startOrder(await home().model())) {
        await startService(home(), service, { redact, progress });
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
