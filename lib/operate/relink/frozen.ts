import { Copier, type Measured } from "../data/copier";
import { dataVolumeKeys, generationsOf, inGeneration, volumeNames } from "../data/generations";
import { assertRoomForCopy } from "../data/room";
import type { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import type { ProjectModel } from "../engine/model";
import type { ComposeProject } from "../engine/project";
import { type PlannedColumn, plannedColumns } from "../migrate/plan";
import { DataProgram, type FrozenSpec, type PlaceSpec, type Targets } from "../migrate/program";

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
  return plannedColumns(await programOf(data).rewrite(data.volumes, wanted, {}));
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
  assertRoomForCopy(measured);
  return measured;
}

function programOf({ docker, copier, project }: RelinkedData): DataProgram {
  return new DataProgram(docker, copier, `${project}-relink`);
}
