import type { Environment } from "../../env/file";
import { Copier, type VolumePair } from "../data/copier";
import { generationsOf, inGeneration, volumeNames } from "../data/generations";
import { Docker } from "../engine/docker";
import { releaseFacts } from "../engine/facts";
import type { ProjectModel } from "../engine/model";
import { ComposeProject } from "../engine/project";
import { readDeployment } from "../env/directory";
import type { Progress } from "../journal/operation";
import type { SwitchPlan } from "./plan";

export interface SwitchOptions {
  readonly dir: string;
  readonly environment: Environment;
  readonly progress: Progress;
}

/** What a switch works on. */
export interface Room extends SwitchOptions {
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

/** A volume of data, in the generation before and in the one after. */
export interface DataPair extends VolumePair {
  /** Its key in the Compose files. */
  readonly key: string;
}

/** The data of a group, or all, from the generation before to the one after. */
export async function pairsOf(room: Room, keys: readonly string[] = room.keys): Promise<readonly DataPair[]> {
  const { plan, model, target } = room;
  const old = await inGeneration(target, plan.before).model();
  const there = new Set((await generationsOf(target, room.keys)).get(plan.before));
  const { stores } = releaseFacts(model);
  return volumeNames(model, keys).flatMap(({ key, name: to }) => {
    const from = old.volumes[key]?.name;
    // A volume that the new release brings begins empty.
    if (from === undefined || !there.has(from) || plan.given?.includes(key) === true) return [];
    return [{ key, from, to, databases: stores[key]?.databases ?? [], writtenOnce: stores[key]?.writtenOnce }];
  });
}

/** What copies the data, found in the images of what runs. */
export function copierOf(room: Room): Promise<Copier> {
  room.copier ??= Copier.ofContainers(room.target);
  return room.copier;
}
