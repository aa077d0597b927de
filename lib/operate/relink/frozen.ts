import { megabytes } from "../amounts";
import { Copier, type Measured } from "../data/copier";
import { dataVolumeKeys, generationsOf, inGeneration, volumeNames } from "../data/generations";
import type { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import type { ProjectModel } from "../engine/model";
import type { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { type PlannedColumn, plannedColumns } from "../migrate/plan";
import { DataProgram, type FrozenSpec, type PlaceSpec, type Targets } from "../migrate/program";

/** How much more room there must be than the data take. */
const ROOM = 1.2;

/** Data of a deployment, in one generation. */
export interface RelinkedData {
  readonly docker: Docker;
  readonly copier: Copier;
  /** Names the container that looks and rewrites: only one may be at work on a deployment. */
  readonly project: string;
  /** Volume, by its key → its name on the engine. */
  readonly volumes: Targets;
}

/** What is to be other in the data of one state of a deployment than in those of another: addresses, or keys. */
export function otherwise(before: FrozenSpec, after: FrozenSpec): FrozenSpec {
  return after.filter(({ value }, at) => value !== before[at]?.value);
}

/** Looks how many rows name what services are not given any more. Programs may go on writing. */
export async function laggingRows(data: RelinkedData, wanted: FrozenSpec): Promise<readonly PlannedColumn[]> {
  const all = Object.entries(data.volumes);
  const mounts = all.map(([, source], at) => ({ source, target: `/from/${at}`, readOnly: true }));
  const places = all.map(([volume], at): PlaceSpec => {
    return { volume, folder: "", from: [`/from/${at}`], host: "", links: {} };
  });
  return plannedColumns(await programOf(data).survey(mounts, places, wanted));
}

/**
 * Has data say what services are given. Nobody may be writing them.
 *
 * @returns the columns that data have, with the number of rows that were rewritten
 * @throws OperateError `bad-database`
 */
export async function rewriteRows(data: RelinkedData, wanted: FrozenSpec): Promise<readonly PlannedColumn[]> {
  const rewritten = await programOf(data).rewrite(data.volumes, wanted, {});
  const other = Object.entries(rewritten.databases).filter(([, { before, after }]) => {
    return JSON.stringify(before) !== JSON.stringify(after);
  });
  if (other.length === 0) return plannedColumns(rewritten);
  const reason = "has another number of rows after what it had saved was rewritten";
  const path = other.map(([name]) => name).join(", ");
  const fix = "this is a fault of this tool: please report it";
  throw new OperateError({ code: "bad-database", path, reason, fix });
}

/** Rows that are, or were, to be rewritten. */
export function changedRows(columns: readonly PlannedColumn[]): number {
  return columns.reduce((sum, { changed }) => sum + changed, 0);
}

/** The data that run. */
export async function dataIn(home: ComposeProject, generation: string): Promise<RelinkedData> {
  const project = inGeneration(home, generation);
  const [model, keys] = [await project.model(), await dataVolumeKeys(home)];
  const there = new Set((await generationsOf(home, keys)).get(generation));
  const images = [...new Set((await home.containers()).map(({ Image }) => Image))];
  const own = volumeNames(model, keys).filter(({ name }) => there.has(name));
  return {
    docker: home.docker,
    copier: await Copier.find(home.docker, images),
    project: model.name,
    volumes: Object.fromEntries(own.map(({ key, name }) => [key, name])),
  };
}

/**
 * How much a copy of the data takes.
 *
 * @throws OperateError `disk-full` where there is no room for it
 */
export async function assertRoomFor({ copier, volumes }: RelinkedData, model: ProjectModel): Promise<Measured> {
  const { stores } = releaseFacts(model);
  const own = Object.entries(volumes).map(([key, from]) => ({ from, writtenOnce: stores[key]?.writtenOnce }));
  const measured = await copier.measure(own);
  const takes = measured.bytes - measured.shared;
  if (measured.free >= takes * ROOM) return measured;
  throw new OperateError({
    code: "disk-full",
    reason: `a copy of the data takes ${megabytes(takes)}, and ${megabytes(measured.free)} are free: 20 % more than the copy takes is needed`,
    fix: "make room (`docker system df` shows what takes it, older generations of the data included), and run this again",
  });
}

function programOf({ docker, copier, project }: RelinkedData): DataProgram {
  return new DataProgram(docker, copier, `${project}-relink`);
}
