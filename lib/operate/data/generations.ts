import { createHash } from "node:crypto";
import { DATA_GENERATION } from "../../construct/data-volume";
import { addTo } from "../../spec/group";
import { LABEL, type ProjectModel } from "../engine/model";
import { type ComposeProject, volumesOn } from "../engine/project";

/** A volume of data, in one generation of them. */
export interface DataVolumeName {
  /** Its key in the Compose files. */
  readonly key: string;
  /** Its name on the engine. */
  readonly name: string;
}

/** A generation that no data have: a volume whose name changes with it carries the generation. */
const PROBE = "-gprobe";

/** How the `.env` writes a generation. The first has no number. */
function generationText(number: number): string {
  return number <= 1 ? "" : `-g${number}`;
}

/** The number of a generation, from how the `.env` writes it. One that was written by hand is 0. */
function generationNumber(text: string): number {
  return text === "" ? 1 : Number(/^-g(\d+)$/.exec(text)?.[1] ?? 0);
}

/** A project with another generation of its data. */
export function inGeneration(project: ComposeProject, generation: string): ComposeProject {
  return project.with({ [DATA_GENERATION.name]: generation });
}

/** The keys of the volumes whose names carry the generation. */
export async function dataVolumeKeys(project: ComposeProject): Promise<readonly string[]> {
  const [now, other] = [await project.model(), await inGeneration(project, PROBE).model()];
  return Object.keys(now.volumes).filter((key) => now.volumes[key]?.name !== other.volumes[key]?.name);
}

/** The names that volumes have in a project as it is. */
export function volumeNames({ volumes }: ProjectModel, keys: readonly string[]): readonly DataVolumeName[] {
  return keys.flatMap((key) => {
    const name = volumes[key]?.name;
    return name === undefined ? [] : [{ key, name }];
  });
}

/**
 * Makes the volumes of a project's data that are not there yet, as Compose makes them, so that Compose takes them for its own.
 *
 * @throws OperateError
 */
export async function makeVolumes(project: ComposeProject, keys: readonly string[]): Promise<void> {
  const [model, resolved] = [await project.model(), await project.resolved()];
  for (const { key, name } of volumeNames(model, keys)) {
    const definition = resolved.hashedResource("volumes", key) ?? "";
    const labels = {
      [LABEL.project]: model.name,
      [LABEL.volume]: key,
      [LABEL.hash]: createHash("sha256").update(definition).digest("hex"),
    };
    const words = Object.entries(labels).flatMap(([label, value]) => ["--label", `${label}=${value}`]);
    await project.docker.must(["volume", "create", ...words, name]);
  }
}

/** All volumes of the engine that are a generation of a project's data, by the generation. */
export async function generationsOf(
  project: ComposeProject,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const first = volumeNames(await inGeneration(project, "").model(), keys);
  const found = new Map<string, string[]>();
  for (const volume of await volumesOn(project.docker)) {
    const base = first.find(({ name }) => volume.startsWith(name) && /^(-g\d+)?$/.test(volume.slice(name.length)));
    if (base !== undefined) addTo(found, volume.slice(base.name.length), volume);
  }
  return found;
}

/**
 * The generation after all that a project's data have, or ever had.
 *
 * @param known others that are spoken of, whether their volumes are there or not
 */
export async function nextGeneration(project: ComposeProject, known: readonly string[]): Promise<string> {
  const taken = [...(await generationsOf(project, await dataVolumeKeys(project))).keys(), ...known];
  return generationText(Math.max(...taken.map(generationNumber)) + 1);
}
