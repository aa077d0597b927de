import { userInfo } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { DATA_GENERATION } from "../../construct/data-volume";
import { releaseFacts } from "../engine/facts";
import { type Container, LABEL, NAMELESS, serviceOf } from "../engine/model";
import type { ComposeProject } from "../engine/project";
import { readEnvOnDisk } from "../env/file";
import { keepState } from "./history";

/**
 * Keeps what runs now, and the files of which it was made.
 *
 * @param operation name of the command that led to it
 * @param seconds how long services took to be well, where they were started
 * @returns the number of the state
 * @throws OperateError; FileError
 */
export async function recordState(
  project: ComposeProject,
  operation: string,
  began: Date,
  seconds: Readonly<Record<string, number>> = {},
): Promise<number> {
  const [model, hashes, all] = [await project.model(), await project.hashes(), await project.containers()];
  // One of no service of the files is no part of what they make: it can go, and the state is what runs all the same.
  const containers = all.filter((container) => model.services[serviceOf(container)] !== undefined);
  const images = containers.map((container) => {
    return [serviceOf(container), { name: container.Config.Image, id: container.Image }] as const;
  });
  const { reloads } = releaseFacts(model);
  const reloaded = containers.flatMap((container) => {
    const [service, hash] = [serviceOf(container), container.Config.Labels[LABEL.hash]];
    return reloads[service] === undefined || hash === undefined || hash === hashes.get(service)
      ? []
      : [[service, hash] as const];
  });
  return keepState(project.dir, filesOf(containers, project.dir), {
    operation,
    began: began.toISOString(),
    ended: new Date().toISOString(),
    by: userInfo().username,
    project: model.name,
    images: Object.fromEntries(images),
    hashes: Object.fromEntries(hashes),
    reloaded: Object.fromEntries(reloaded),
    volumes: [...volumesOf(containers)],
    generation: await generationIn(project.dir),
    seconds,
  });
}

/** The volumes that somebody named. */
function volumesOf(containers: readonly Container[]): readonly string[] {
  const names = containers.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => Name ?? []));
  return [...new Set(names)].filter((name) => !NAMELESS.test(name)).sort();
}

/** The generation of the data that an `.env` says. */
export async function generationIn(dir: string): Promise<string> {
  const { text = "" } = await readEnvOnDisk(join(dir, ".env"));
  return parseDotenv(text).values.get(DATA_GENERATION.name) ?? "";
}

/** The Compose files of which containers were made, below the directory of the deployment. */
export function filesOf(containers: readonly Container[], dir: string): readonly string[] {
  const paths = containers.flatMap(({ Config }) => (Config.Labels[LABEL.files] ?? "").split(","));
  return [...new Set(paths)].filter((path) => path !== "" && path !== "-").map((path) => relative(resolve(dir), path));
}
