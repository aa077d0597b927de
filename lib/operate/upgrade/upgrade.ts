import { existsSync } from "node:fs";
import { join } from "node:path";
import { readBackupRecords } from "../backup/records";
import { Copier } from "../data/copier";
import { dataVolumeKeys, generationsOf, inGeneration, nextGeneration, volumeNames } from "../data/generations";
import { assertRoomForCopy } from "../data/room";
import { type DeployedDifference, deployedDifferences } from "../deployed/difference";
import { CHOICES_FILE } from "../deployment";
import { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import { ComposeProject } from "../engine/project";
import { refuseOtherRelease } from "../env/other-release";
import { OperateError } from "../error";
import { initialize } from "../init";
import { type HistoryEntry, stateFiles } from "../journal/history";
import { nothingToAbort, type OpenedDeployment, openDeployment } from "../journal/open";
import { generationIn } from "../journal/record-state";
import { longestStart, serviceGroups } from "../switch/groups";
import { copyToNext, removeNext } from "../switch/next";
import { refusedBefore, type SwitchRefused, type SwitchRequest, type SwitchResult } from "../switch/request";
import { runningState } from "../switch/running-state";
import { assertSameImages } from "../switch/state-images";
import { planFromFacts, projectAt, runSwitch, type SwitchPlan } from "../switch/switch";
import { PREFLIGHT } from "../up/up";
import { answeredNow } from "../verify/outside";
import { assertReachable, oneWayBetween } from "./path";

const NAME = "upgrade";
const OR_IN_PLACE = "; or change the data themselves with --in-place, which asks for a backup first";

/** What an upgrade looks at before it begins. */
const CHECKS: ReadonlySet<string> = new Set([...PREFLIGHT, "services-well", "all-running"]);

export interface UpgradeRequest extends SwitchRequest<UpgradePlan> {
  /** Release of LAMB that is to run. @default - what the files in the directory say now */
  readonly release?: string | undefined;
  /** Whether the new release is tried on a copy of the data first. */
  readonly rehearse: boolean;
  /** Whether the data themselves are changed, and not a copy of them, where a verified backup is the way back. @default false */
  readonly inPlace?: boolean | undefined;
  /** How many generations of the data stay. At least the last two. */
  readonly keep: number;
}

/** What an upgrade would do. */
export interface UpgradePlan {
  /** Services, networks and volumes that change. */
  readonly differences: readonly DeployedDifference[];
  /** Bytes of the data, how many of them a copy shares with what runs, from how many volumes, and how many are free. */
  readonly bytes: number;
  readonly shared: number;
  readonly volumes: number;
  readonly free: number;
  readonly rehearses: boolean;
  /** Seconds that the slowest services which stop together took to start, the last time that it was measured. */
  readonly waiting: number | undefined;
  /** What the new release changes in the data that the one that runs cannot read any more. Sentences. */
  readonly oneWay: readonly string[];
  /** The state to which whatever fails leads back. */
  readonly state: number;
  /** The backup that is the way back, where the data are changed in place. */
  readonly snapshot: string | undefined;
}

/** How it went. */
export type UpgradeResult = SwitchRefused | { readonly kind: "nothing-to-do" } | SwitchResult<UpgradePlan>;

/**
 * Brings a deployment to a release, or to what its files say now: on a copy of its data, tried before anything is stopped,
 * one group of services after the other. Whatever fails leads back, by itself, to what was, on data that nobody touched.
 *
 * @throws OperateError; FileError `in-use`
 */
export async function upgrade(request: UpgradeRequest): Promise<UpgradeResult> {
  const { dir, progress } = request;
  const opened = await openDeployment(dir, NAME, progress, request.abort);
  try {
    if (opened.cutOff === undefined && request.abort) throw nothingToAbort(dir);
    if (opened.cutOff !== undefined) return await carryOut(planFromFacts(opened.cutOff), request, opened);
    const refused = await refusedBefore(request, CHECKS, { isStrict: true });
    if (refused !== undefined) return refused;
    const home = new ComposeProject(dir, new Docker(request.environment));
    const state = await runningState(home, NAME);
    await assertSameImages(home.docker, state);
    const folder = await stage(request);
    await refuseOtherRelease(folder, request.environment);
    const before = state.generation;
    const target = await projectAt(request, folder, before);
    const runs = await projectAt(request, stateFiles(dir, state.number), before);
    const [from, to] = [releaseFacts(await runs.model()).releases, releaseFacts(await target.model()).releases];
    assertReachable(from, to);
    const differences = (await deployedDifferences(target)).filter(({ damage }) => damage !== "nothing");
    if (differences.length === 0) return { kind: "nothing-to-do" };
    const plan = await planned(request, { home, target, folder, state });
    const told = { ...(await toldOf(plan, target, differences, state)), oneWay: oneWayBetween(from, to) };
    if (plan.copies) assertRoomForCopy(told, OR_IN_PLACE);
    if (!(await request.agrees(told))) return { kind: "not-agreed", plan: told };
    return await carryOut(plan, request, opened);
  } finally {
    await opened.close();
  }
}

async function carryOut(plan: SwitchPlan, request: UpgradeRequest, opened: OpenedDeployment): Promise<UpgradeResult> {
  const result = await runSwitch(plan, request, opened);
  if (result.outcome === "ok") await removeNext(request.dir);
  return result;
}

/** Puts the files that are to run into a folder of their own. */
async function stage({ dir, environment, release }: UpgradeRequest): Promise<string> {
  const folder = await copyToNext(dir, environment);
  if (release === undefined) return folder;
  if (!existsSync(join(dir, CHOICES_FILE))) {
    const fix = "have the program write the files of the new release, and run `lamb-compose upgrade` without a release";
    throw new OperateError({ code: "not-by-init", path: dir, reason: "was not made by `lamb-compose init`", fix });
  }
  await initialize({ dir: folder, choices: { release } });
  return folder;
}

interface Situation {
  readonly home: ComposeProject;
  readonly target: ComposeProject;
  readonly folder: string;
  readonly state: HistoryEntry;
}

async function planned(request: UpgradeRequest, { home, target, folder, state }: Situation): Promise<SwitchPlan> {
  const keys = await dataVolumeKeys(target);
  const after = await nextGeneration(target, [state.generation, await generationIn(request.dir)]);
  const snapshot = request.inPlace === true && keys.length > 0 ? await backupToGoBackTo(request.dir) : undefined;
  const copies = keys.length > 0 && snapshot === undefined;
  return {
    operation: NAME,
    state: state.number,
    folder,
    before: state.generation,
    after: copies ? after : state.generation,
    copies,
    snapshot,
    rehearses: request.rehearse && copies,
    watch: request.watch,
    keep: Math.max(2, request.keep),
    outside: await answeredNow(await home.model()),
  };
}

async function toldOf(
  plan: SwitchPlan,
  target: ComposeProject,
  differences: readonly DeployedDifference[],
  state: HistoryEntry,
): Promise<Omit<UpgradePlan, "oneWay">> {
  const keys = await dataVolumeKeys(target);
  const own = (await generationsOf(target, keys)).get(plan.before) ?? [];
  const { stores } = releaseFacts(await target.model());
  const before = volumeNames(await inGeneration(target, plan.before).model(), keys);
  const volumes = before.flatMap(({ key, name }) => {
    return own.includes(name) ? [{ from: name, writtenOnce: stores[key]?.writtenOnce }] : [];
  });
  const { bytes, shared, free } =
    volumes.length === 0
      ? { bytes: 0, shared: 0, free: 0 }
      : await (await Copier.ofContainers(target)).measure(volumes);
  const waiting = longestStart(serviceGroups(await target.model(), keys), state.seconds);
  const { rehearses, snapshot, state: number } = plan;
  return { differences, bytes, shared, free, volumes: volumes.length, rehearses, waiting, state: number, snapshot };
}

/** Milliseconds for which a backup is the way back: what people did since would be lost. */
const BACKUP_LASTS_MS = 3_600_000;

/**
 * The backup that brings back the data when they are changed in place.
 *
 * @throws OperateError `no-backup`
 */
async function backupToGoBackTo(dir: string): Promise<string> {
  const last = (await readBackupRecords(dir)).backups.at(-1);
  const age = last === undefined ? Number.NaN : Date.now() - Date.parse(last.time);
  // A clock that was set back makes backups of the future: they are none to build on.
  if (last?.verified !== undefined && age >= 0 && age <= BACKUP_LASTS_MS) return last.snapshot;
  throw new OperateError({
    code: "no-backup",
    path: dir,
    reason: "has no verified backup of the last hour, which would be the only way back from a change in place",
    fix: "run `lamb-compose backup` first, and this right after it",
  });
}
