import { existsSync } from "node:fs";
import { type Compared, Copier } from "../data/copier";
import { dataVolumeKeys, generationsOf, inGeneration, volumeNames } from "../data/generations";
import { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import type { ProjectModel } from "../engine/model";
import { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { type HistoryEntry, readHistory, stateFiles } from "../journal/history";
import { nothingToAbort, openDeployment } from "../journal/open";
import { asWords, type OtherName, otherNames } from "../switch/image-names";
import type { SwitchRequest, SwitchResult } from "../switch/request";
import { runningState } from "../switch/running-state";
import { assertSameImages } from "../switch/state-images";
import { planFromFacts, projectAt, runSwitch, type SwitchPlan } from "../switch/switch";
import { oneWayBetween } from "../upgrade/path";
import { answeredNow } from "../verify/outside";

const NAME = "rollback";

export interface RollbackRequest extends SwitchRequest<RollbackPlan> {
  /** Number of the state. @default - the last one that is other than what runs */
  readonly to?: number | undefined;
  /** Whether the files and images of the state are to run on the data of now. */
  readonly keepData: boolean;
}

/** What a rollback would do. */
export interface RollbackPlan {
  /** The state that is to run. */
  readonly to: HistoryEntry;
  /** What runs. */
  readonly from: HistoryEntry;
  /** What was written since, by the volume: it stays there, and nobody sees it. Empty where the data stay. */
  readonly written: readonly (Compared & { readonly volume: string })[];
}

/** How it went. */
export type RollbackResult = SwitchResult<RollbackPlan>;

/**
 * Brings back a state that was kept: files, `.env`, images and data together. What runs stays as a state, with its data, so
 * that there is a way back from here, too.
 *
 * @throws OperateError; FileError `in-use`
 */
export async function rollback(request: RollbackRequest): Promise<RollbackResult> {
  const { dir, progress } = request;
  const opened = await openDeployment(dir, NAME, progress, request.abort);
  try {
    if (opened.cutOff === undefined && request.abort) throw nothingToAbort(dir);
    if (opened.cutOff !== undefined) return await runSwitch(planFromFacts(opened.cutOff), request, opened);
    const home = new ComposeProject(dir, new Docker(request.environment));
    const from = await runningState(home, NAME);
    const to = await chosen(request, from);
    await assertSameImages(home.docker, from);
    const names = await otherNames(home.docker, Object.values(to.images));
    assertHere(names, to);
    const folder = stateFiles(dir, to.number);
    const target = await projectAt(request, folder, to.generation);
    if (request.keepData) {
      const now = await projectAt(request, stateFiles(dir, from.number), from.generation);
      await assertSameSchema({ project: now, state: from }, { project: target, state: to });
    }
    const after = request.keepData ? from.generation : to.generation;
    const written = request.keepData ? [] : await writtenSince(target, from, to);
    const plan = { to, from, written };
    if (!(await request.agrees(plan))) return { kind: "not-agreed", plan };
    const operation: SwitchPlan = {
      operation: NAME,
      state: from.number,
      folder,
      before: from.generation,
      after,
      copies: false,
      names: asWords(names, from),
      rehearses: false,
      watch: request.watch,
      keep: Number.MAX_SAFE_INTEGER,
      outside: await answeredNow(await home.model()),
    };
    return await runSwitch(operation, request, opened);
  } finally {
    await opened.close();
  }
}

async function chosen({ dir, to }: RollbackRequest, from: HistoryEntry): Promise<HistoryEntry> {
  const history = await readHistory(dir);
  const isOther = (entry: HistoryEntry) =>
    entry.generation !== from.generation ||
    JSON.stringify([entry.hashes, entry.images]) !== JSON.stringify([from.hashes, from.images]);
  const found =
    to === undefined
      ? history.findLast((entry) => entry.number < from.number && isOther(entry))
      : history.find(({ number }) => number === to);
  const numbers = history.map(({ number }) => number).join(", ");
  if (found === undefined || !existsSync(stateFiles(dir, found.number))) {
    const reason = to === undefined ? "has no earlier state that is other than what runs" : `has no state ${to}`;
    const fix = numbers === "" ? "restore a backup: no state was kept" : `name one of those that were kept: ${numbers}`;
    throw new OperateError({ code: "no-state", path: dir, reason, fix });
  }
  return found;
}

/**
 * Makes sure that the images of a state are there, whatever their names mean by now. One whose name means none is pulled.
 *
 * @throws OperateError `other-image`, all at once
 */
function assertHere(names: readonly OtherName[], { number }: HistoryEntry): void {
  const lost = names.filter(({ isHere, before }) => !isHere && before !== "").map(({ name }) => name);
  if (lost.length === 0) return;
  throw new OperateError({
    code: "other-image",
    path: lost.join(", "),
    reason: `is now another image than in state ${number}, and that one is not on this host any more`,
    fix: "pull it by its digest, and give it the name with `docker tag`; or restore a backup of that time, which knows the digest",
  });
}

/** What is in the data of now, and not in those of the state. */
async function writtenSince(
  target: ComposeProject,
  from: HistoryEntry,
  to: HistoryEntry,
): Promise<RollbackPlan["written"]> {
  if (from.generation === to.generation) return [];
  const keys = await dataVolumeKeys(target);
  const wanted = volumeNames(await target.model(), keys);
  const there = await generationsOf(target, keys);
  const missing = wanted.filter(({ name }) => there.get(to.generation)?.includes(name) !== true);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    const fix = "restore them from a backup; or, where the layout of the data is the same, use --keep-data";
    throw new OperateError({ code: "data-gone", path: names, reason: "is not there any more", fix });
  }
  const now = volumeNames(await inGeneration(target, from.generation).model(), keys);
  const pairs = wanted.flatMap(({ key, name }) => {
    const current = now.find((one) => one.key === key)?.name;
    const isThere = current !== undefined && there.get(from.generation)?.includes(current) === true;
    return isThere ? [{ from: current, to: name, databases: [] }] : [];
  });
  const compared = await (await Copier.ofContainers(target)).compare(pairs);
  return compared.map((one, at) => ({ ...one, volume: pairs[at]?.from ?? "" }));
}

/**
 * Whether two states read data in one way: where both say which layout theirs have, by that, and else where the same images do.
 */
export function hasOneLayout(schema: string | undefined, other: string | undefined, sameImages: boolean): boolean {
  return schema === undefined || other === undefined ? sameImages : schema === other;
}

/**
 * The data of now can be read by what ran then where the files of both say so, and where it is the same programs.
 *
 * @throws OperateError `other-schema`
 */
async function assertSameSchema(now: Situation, then: Situation): Promise<void> {
  const models = [await now.project.model(), await then.project.model()] as const;
  const lost = oneWayBetween(releaseFacts(models[1]).releases, releaseFacts(models[0]).releases);
  if (lost.length > 0) {
    const reason = `has data that a later release has changed: ${lost.join(" ")}`;
    throw new OperateError({ code: "other-schema", path: `state ${now.state.number}`, reason, fix: WITHOUT });
  }
  const [stores, otherStores] = [releaseFacts(models[0]).stores, releaseFacts(models[1]).stores];
  const keys = new Set([...(await dataVolumeKeys(now.project)), ...(await dataVolumeKeys(then.project))]);
  const other = [...keys].filter((key) => {
    const users = [...new Set(models.flatMap((model) => usersOf(model, key)))];
    const image = ({ state }: Situation, service: string) => state.images[service]?.id;
    const sameImages = users.every((service) => image(now, service) === image(then, service));
    return !hasOneLayout(stores[key]?.schema, otherStores[key]?.schema, sameImages);
  });
  if (other.length === 0) return;
  throw new OperateError({
    code: "other-schema",
    path: other.join(", "),
    reason:
      "is not said by both releases to have one layout: the earlier one might not read, or break, the data of now",
    fix: WITHOUT,
  });
}

const WITHOUT =
  "leave out --keep-data: the data of the earlier release run, as they were, and those of now stay beside them";

/** A state with its files. */
interface Situation {
  readonly project: ComposeProject;
  readonly state: HistoryEntry;
}

function usersOf({ services }: ProjectModel, volume: string): readonly string[] {
  const mounts = (name: string) => services[name]?.volumes ?? [];
  return Object.keys(services).filter((name) => mounts(name).some(({ source }) => source === volume));
}
