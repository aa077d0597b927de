import { cp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { megabytes } from "../amounts";
import { leftOutText } from "../backup/left-out";
import { readManifestIn } from "../backup/manifest";
import { readBackupRecords } from "../backup/records";
import { openRepository } from "../backup/repository";
import type { StagedVolume } from "../backup/stager";
import { backedUpVolumes, stagerFor, stagingFolder } from "../backup/stores";
import { dataVolumeKeys, makeVolumes, nextGeneration } from "../data/generations";
import { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { STATE_FOLDER, stateFolder } from "../journal/folder";
import { nothingToAbort, type OpenedDeployment, openDeployment } from "../journal/open";
import { type Operation, step } from "../journal/operation";
import { generationIn } from "../journal/record-state";
import { changeEnv } from "../journal/state-files";
import { asWords, type OtherName, otherNames } from "../switch/image-names";
import { refusedBefore, type SwitchRefused, type SwitchRequest, type SwitchResult } from "../switch/request";
import { runningState } from "../switch/running-state";
import { planAsFacts, planFromFacts, projectAt, type SwitchPlan, switchOperation } from "../switch/switch";
import { PREFLIGHT } from "../up/up";
import { answeredNow } from "../verify/outside";
import { bytesOf, type FoundSnapshot, fetchSnapshot, filesIn, findSnapshot } from "./fetch";
import { assertNotNewer, breaksBetween } from "./fits";

const NAME = "restore";
/** The folder of the state with the files that are to run. */
const FILES = "restored";

export interface RestoreRequest extends SwitchRequest<RestorePlan> {
  /** The beginning of a snapshot's name. @default - the last one of this deployment */
  readonly snapshot?: string | undefined;
  /** Keys of the volumes that are restored; the others stay as they are now, and so do files and `.env`. @default - all */
  readonly only?: readonly string[] | undefined;
  /** Whether what is restored is started beside what runs first. */
  readonly rehearse: boolean;
}

/** What a restore would do. */
export interface RestorePlan {
  /** restic's name of the snapshot. */
  readonly snapshot: string;
  /** ISO time of the instant that it shows. */
  readonly time: string;
  /** Product → its release then. */
  readonly releases: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Keys of the volumes that are restored. */
  readonly volumes: readonly string[];
  /** Keys of the volumes that stay as they are. */
  readonly others: readonly string[];
  /** What may break between those that are restored and those that stay. Sentences. */
  readonly breaks: readonly string[];
  /** Names of images that are to mean again what they meant when the backup was made. */
  readonly images: readonly string[];
  /** Names of images that are others by now, where those of then are nowhere. */
  readonly moved: readonly string[];
  /** What the snapshot does not have of what services use. Sentences. */
  readonly leftOut: readonly string[];
  /** The state to which whatever fails leads back. */
  readonly state: number;
}

/** How it went. */
export type RestoreResult = SwitchRefused | SwitchResult<RestorePlan>;

/**
 * Brings a snapshot back into volumes of a new generation: fetched, compared with what was backed up, started beside what
 * runs, and only then put in its place. What runs stays, as a state with its data.
 *
 * @throws OperateError; FileError `in-use`
 */
export async function restore(request: RestoreRequest): Promise<RestoreResult> {
  const { dir, environment, progress } = request;
  const opened = await openDeployment(dir, NAME, progress, request.abort);
  try {
    if (opened.cutOff === undefined && request.abort) throw nothingToAbort(dir);
    if (opened.cutOff !== undefined) return await carryOut(planFromFacts(opened.cutOff), request, opened);
    const repository = await openRepository(request);
    const refused = await refusedBefore(request, PREFLIGHT);
    if (refused !== undefined) return refused;
    const home = new ComposeProject(resolve(dir), new Docker(environment));
    const state = await runningState(home, NAME, true);
    const { backups } = await readBackupRecords(dir);
    const found = await findSnapshot(repository, request.snapshot, { project: (await home.model()).name, backups });
    assertNotNewer(releaseFacts(await home.model()).releases, found.manifest);
    const then = Object.values(found.manifest.images);
    const names = request.only === undefined ? await otherNames(home.docker, then) : [];
    const told = await planned(request, home, found, { state: state.number, names });
    if (!(await request.agrees(told))) return { kind: "not-agreed", plan: told };
    const stager = await stagerFor(home, NAME, progress);
    progress.note(`fetching ${megabytes(bytesOf(found.manifest))}`);
    try {
      await fetchSnapshot(repository, found, { folder: stagingFolder(dir, NAME), stager });
      await stager.verify(found.manifest.volumes);
    } catch (error) {
      await stager.clear();
      throw error;
    }
    const folder = request.only === undefined ? await filesOf(request, home, found) : dir;
    const target = await projectAt(request, folder, state.generation);
    const plan: SwitchPlan = {
      operation: NAME,
      state: state.number,
      folder,
      before: state.generation,
      after: await nextGeneration(target, [state.generation, await generationIn(dir)]),
      copies: true,
      given: [...told.volumes],
      names: asWords(names, state),
      rehearses: request.rehearse,
      watch: request.watch,
      keep: Number.MAX_SAFE_INTEGER,
      outside: await answeredNow(await home.model()),
    };
    return await carryOut(plan, request, opened);
  } finally {
    await opened.close();
  }
}

async function carryOut(plan: SwitchPlan, request: RestoreRequest, opened: OpenedDeployment): Promise<RestoreResult> {
  const result = await opened.run(await operationOf(plan, request), planAsFacts(plan));
  // One that is stuck goes on with them.
  if (result.outcome !== "stuck") await rm(join(request.dir, STATE_FOLDER, FILES), { recursive: true, force: true });
  return { ...result, kind: "ended", state: plan.state };
}

/** A switch whose data come from a snapshot. */
async function operationOf(plan: SwitchPlan, request: RestoreRequest): Promise<Operation> {
  const { steps, back = [], ...rest } = await switchOperation(plan, request);
  const target = await projectAt(request, plan.folder, plan.after);
  const stager = await stagerFor(new ComposeProject(resolve(request.dir), target.docker), NAME, request.progress);
  const volumes = async (): Promise<readonly StagedVolume[]> => {
    const { volumes: there } = await readManifestIn(stagingFolder(request.dir, NAME));
    return (await backedUpVolumes(target)).filter(
      ({ key }) => plan.given?.includes(key) === true && there[key] !== undefined,
    );
  };
  const fill = step("fill", "putting the data into volumes of their own", async () => {
    await makeVolumes(target, await dataVolumeKeys(target));
    await stager.fill(await volumes());
  });
  const refill = step("refill", "taking back what the trial has changed", async () => stager.fill(await volumes()));
  const clear = step("clear", "removing what was fetched", () => stager.clear());
  const at = steps.findIndex(({ id }) => id === "files");
  const middle = plan.rehearses ? [refill] : [];
  return {
    ...rest,
    steps: [fill, ...steps.slice(0, at), ...middle, ...steps.slice(at), clear],
    back: [...back, { ...clear, id: "back clear" }],
  };
}

/** The files of a snapshot, as if they were of this deployment. */
async function filesOf({ dir }: RestoreRequest, home: ComposeProject, { manifest }: FoundSnapshot): Promise<string> {
  const folder = join(dir, STATE_FOLDER, FILES);
  await rm(folder, { recursive: true, force: true });
  await stateFolder(dir, FILES);
  await cp(filesIn(stagingFolder(dir, NAME)), folder, { recursive: true });
  const { name } = await home.model();
  if (manifest.project !== name) await changeEnv(folder, new Map([["COMPOSE_PROJECT_NAME", name]]));
  return folder;
}

async function planned(
  { only }: RestoreRequest,
  home: ComposeProject,
  { id, manifest }: FoundSnapshot,
  { state, names }: { readonly state: number; readonly names: readonly OtherName[] },
): Promise<RestorePlan> {
  const model = await home.model();
  const carrying = await dataVolumeKeys(home);
  const there = Object.keys(manifest.volumes);
  // What carries no generation, such as certificates, is in use, and stays.
  const able = there.filter((key) => only !== undefined || carrying.includes(key) || model.volumes[key] === undefined);
  const unknown = (only ?? []).filter((key) => !there.includes(key) || !carrying.includes(key));
  if (unknown.length > 0) {
    const fix = `name some of ${there.filter((key) => carrying.includes(key)).join(", ")}`;
    const reason = "is no volume of the snapshot that can be restored by itself";
    throw new OperateError({ code: "unknown-volume", path: unknown.join(", "), reason, fix });
  }
  const volumes = only === undefined ? able : able.filter((key) => only.includes(key));
  const others = carrying.filter((key) => !volumes.includes(key));
  return {
    snapshot: id,
    time: manifest.time,
    releases: Object.fromEntries(Object.entries(manifest.releases).map(([product, { version }]) => [product, version])),
    bytes: volumes.reduce((sum, key) => sum + (manifest.volumes[key]?.bytes ?? 0), 0),
    volumes,
    others,
    breaks: breaksBetween(releaseFacts(model).stores, volumes, others),
    images: names.flatMap(({ name, after }) => (after === undefined ? [] : [name])),
    moved: names.flatMap(({ name, after }) => (after === undefined ? [name] : [])),
    leftOut: only === undefined ? leftOutText(manifest.leftOut) : [],
    state,
  };
}
