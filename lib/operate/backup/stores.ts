import { join } from "node:path";
import { amounts } from "../amounts";
import { Copier } from "../data/copier";
import { dataVolumeKeys } from "../data/generations";
import { releaseFacts } from "../engine/facts";
import { type ComposeProject, volumesOn } from "../engine/project";
import { STATE_FOLDER } from "../journal/folder";
import type { Progress } from "../journal/operation";
import { type StagedVolume, Stager } from "./stager";

const NO_FACTS = { databases: [], writtenOnce: [], whole: {}, refersTo: {}, sameInAllGenerations: false };

/** The volumes of a project that backups have: those that carry the generation, and those that the files say something of. */
export async function backedUpVolumes(project: ComposeProject): Promise<readonly StagedVolume[]> {
  const model = await project.model();
  const { stores } = releaseFacts(model);
  const carrying = new Set(await dataVolumeKeys(project));
  return Object.entries(model.volumes).flatMap(([key, { name }]): readonly StagedVolume[] => {
    const facts = stores[key];
    return facts === undefined && !carrying.has(key) ? [] : [{ key, name, facts: facts ?? NO_FACTS }];
  });
}

/** Keys of the other volumes that services of a project write: no backup has them. */
export async function volumesLeftOut(project: ComposeProject): Promise<readonly string[]> {
  const { services } = await project.model();
  const backedUp = new Set((await backedUpVolumes(project)).map(({ key }) => key));
  const mounts = Object.values(services).flatMap(({ volumes }) => volumes);
  const written = mounts.flatMap(({ type, source, read_only: only }) =>
    type === "volume" && !only && source !== undefined && !backedUp.has(source) ? [source] : [],
  );
  return [...new Set(written)].sort();
}

/** The volumes that backups have, as far as they are there. */
export async function presentVolumes(project: ComposeProject): Promise<readonly StagedVolume[]> {
  const there = new Set(await volumesOn(project.docker));
  return (await backedUpVolumes(project)).filter(({ name }) => there.has(name));
}

/** What copies with an image of the project. @throws OperateError `no-copier` */
export async function copierFor(project: ComposeProject): Promise<Copier> {
  const running = (await project.containers()).map(({ Image }) => Image);
  const named = Object.values((await project.model()).services).flatMap(({ image }) => image ?? []);
  return Copier.findAny(project.docker, [...new Set([...running, ...named])]);
}

/** Where the data of a backup lie for a while, on their way to the repository or back. */
export function stagingFolder(dir: string, operation: string): string {
  return join(dir, STATE_FOLDER, `${operation}.data`);
}

/**
 * What copies between the volumes of a project and the folder of an operation.
 *
 * @param progress gets how far it is. @default - nobody
 */
export async function stagerFor(
  project: ComposeProject,
  operation: string,
  progress?: Pick<Progress, "note">,
): Promise<Stager> {
  const { name } = await project.model();
  let copier: Promise<Copier> | undefined;
  const find = () => {
    copier ??= copierFor(project);
    return copier;
  };
  const told = progress === undefined ? undefined : amounts(progress);
  return new Stager(project.docker, find, stagingFolder(project.dir, operation), `${name}-${operation}`, told);
}
