import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { OLD_KEY_FILES, OLD_PLACES } from "../lamb/facts/old-places";
import { RELEASES, servicesOf } from "../lamb/facts/releases";
import { linesIn } from "./engine/answer";
import type { Docker } from "./engine/docker";
import { CONTAINER, type Container, LABEL, serviceOf } from "./engine/model";
import { inspect } from "./engine/project";
import { isBelow } from "./is-below";

/** Folder of a deployment into which people take what containers hold in their own layers. */
const TAKEN_OUT = "taken-out";

/** Seconds that somebody waits for an engine that does not answer. */
const PATIENCE = 5;

/** What a container holds that is in no volume. */
export interface HeldInLayer {
  /** Name of the container. */
  readonly container: string;
  readonly service: string;
  /** Path in the container. */
  readonly path: string;
  readonly holds: string;
  /** How many files and folders of it are not in the folder for what was taken out. */
  readonly left: number;
  /** What takes them out, in the folder of the deployment, and what brings them back once it is up: each a command. */
  readonly out: string;
  readonly back: string;
}

/**
 * What containers of older files hold in their own layers, where later files have volumes, and nobody has taken out: with the
 * next `docker compose up` that makes new containers it is gone.
 *
 * @param dir of the deployment
 */
export async function heldInLayers(
  docker: Docker,
  containers: readonly Container[],
  dir: string,
): Promise<readonly HeldInLayer[]> {
  const found: HeldInLayer[] = [];
  for (const { service, path, holds, back } of PLACES) {
    for (const container of containers.filter((one) => serviceOf(one) === service)) {
      if (container.Mounts.some(({ Destination }) => isBelow(path, Destination))) continue;
      const taken = join(resolve(dir), TAKEN_OUT, service, basename(path));
      const own = (await addedBelow(docker, container.Id, path)).filter((one) => !existsSync(`${taken}${one}`));
      if (own.length === 0) continue;
      const folder = `${TAKEN_OUT}/${service}`;
      const out = `mkdir -p ${folder} && docker cp --archive ${container.Name}:${path} ${folder}/`;
      found.push({ container: container.Name, service, path, holds, left: own.length, out, back });
    }
  }
  return found;
}

/**
 * The same for the containers of a project, before there are files for them. Without an engine that answers there are none.
 *
 * @param project its name
 */
export async function heldInProject(docker: Docker, project: string, dir: string): Promise<readonly HeldInLayer[]> {
  const words = ["ps", "--all", "--no-trunc", "--quiet", "--filter", `label=${LABEL.project}=${project}`];
  const { code, stdout } = await docker.run(words, { timeout: PATIENCE });
  if (code !== 0) return [];
  return heldInLayers(docker, await inspect(docker, "container", CONTAINER, linesIn(stdout)), dir);
}

/** Words about it: what is wrong, and what to do. */
export function wordsOn({ container, service, path, holds, left, out, back }: HeldInLayer): {
  readonly subject: string;
  readonly reason: string;
  readonly fix: string;
} {
  return {
    subject: `${service}: ${path}`,
    reason: `${holds}: ${left} files and folders are in the container ${container} alone, and in no volume`,
    fix: `take them out: ${out} — run this again, and when all is up: ${back} — or let \`lamb-compose migrate\` make a deployment of all of it`,
  };
}

/**
 * What a container has written at a path or below it, in its own layer.
 *
 * @returns the ends of paths behind the path: empty for the file itself
 */
async function addedBelow(docker: Docker, container: string, path: string): Promise<readonly string[]> {
  const changed = await changedIn(docker, container);
  const below = changed.filter((one) => one.startsWith(`${path}/`));
  // A folder by itself is nothing that anybody made.
  const isFile = changed.includes(path) && below.length === 0 && KEYS.has(path);
  return isFile ? [""] : below.map((one) => one.slice(path.length));
}

/**
 * Paths that a container has made or changed in its own layer.
 *
 * @throws OperateError: an engine that does not say has not said that there is nothing
 */
export async function changedIn(docker: Docker, container: string): Promise<readonly string[]> {
  const text = await docker.must(["container", "diff", container]);
  return linesIn(text).flatMap((line) => (/^[AC] /.test(line) ? [line.slice(2)] : []));
}

interface Place extends Pick<HeldInLayer, "service" | "path" | "holds" | "back"> {}

const KEYS: ReadonlySet<string> = new Set(OLD_KEY_FILES.map(({ path }) => path));

const PLACES: readonly Place[] = [
  ...OLD_PLACES.flatMap(({ holds, volume, to, layer }): readonly Place[] => {
    if (layer === undefined) return [];
    const { service, path } = layer;
    const facts = RELEASES.flatMap(servicesOf).find(({ name }) => name === service);
    const folder = Object.values(facts?.folders ?? {}).find((one) => one.volume === volume)?.path ?? path;
    const target = to === undefined ? folder : `${folder}/${to}`;
    const back = `docker compose cp --archive ${TAKEN_OUT}/${service}/${basename(path)}/. ${service}:${target}`;
    return [{ service, path, holds, back }];
  }),
  ...OLD_KEY_FILES.map(({ service, path, variable }): Place => {
    const back = `give the text of ${TAKEN_OUT}/${service}/${basename(path)} to ${variable.name} in .env, before \`up\``;
    return { service, path, holds: "the key of everybody's session", back };
  }),
];
