import { resolve as pathOf } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { ComposeError } from "../../compose/error";
import { type Project, resolve } from "../../compose/project";
import { isMap } from "../../construct/copy";
import type { Environment } from "../../env/file";
import type { DeploymentDirectory } from "./directory";

/** What a deployment is called on its host. */
export interface EnvProject {
  /** The project's name: of `COMPOSE_PROJECT_NAME`, the files, or the folder. */
  readonly name: string;
  /** The volumes that this name means, as `docker volume ls` lists them. Not those that somebody else makes. */
  readonly volumes: readonly string[];
}

/** A deployment's files and its `.env`, on the disk or about to be written there. */
export type ReadFiles = Pick<DeploymentDirectory, "dir" | "files" | "env" | "contract">;

/** Stands for a required value that is missing: a port, a number or a text. It names no volume. */
const ANYTHING = "1";

/**
 * What Compose makes of a deployment's files with its `.env`: all services, whatever their profiles.
 *
 * @param environment the one in which Compose will run
 * @returns `undefined` when Compose would refuse the files with these values
 */
export function resolvedProject(
  { dir, files, env, contract }: ReadFiles,
  environment: Environment,
): Project | undefined {
  const directory = pathOf(dir);
  const own = parseDotenv(env.text ?? "", { lookup: (name) => environment[name] }).values;
  const needed = contract.variables.filter(({ name, required }) => required && !(environment[name] ?? own.get(name)));
  const chosen = files.filter((file) => file.chosen);
  try {
    return resolve(
      chosen.map(({ fileName, text }) => ({ path: pathOf(dir, fileName), text })),
      {
        workingDirectory: directory,
        projectDirectory: directory,
        environment: { ...environment, ...Object.fromEntries(needed.map(({ name }) => [name, ANYTHING])) },
        envFiles: env.text === undefined ? [] : [{ path: pathOf(env.path), text: env.text }],
        profiles: ["*"],
        allResources: true,
        resolveEnvironment: false,
      },
    );
  } catch (error) {
    if (error instanceof ComposeError) return undefined;
    throw error;
  }
}

/** What a project is called, and what it keeps. */
export function envProject({ name, model }: Project): EnvProject {
  const volumes = isMap(model.volumes) ? Object.values(model.volumes) : [];
  const names = volumes.flatMap((volume) =>
    isMap(volume) && volume.external !== true && typeof volume.name === "string" ? [volume.name] : [],
  );
  return { name, volumes: names.sort() };
}
