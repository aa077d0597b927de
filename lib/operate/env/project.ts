import { resolve as pathOf } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { ComposeError } from "../../compose/error";
import { resolve } from "../../compose/project";
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

/** Stands for a required value that is missing: a port, a number or a text. It names no volume. */
const ANYTHING = "1";

/**
 * The project that an `.env` makes of a deployment's files: whose containers and volumes `docker compose` takes.
 *
 * @param environment the one in which Compose will run
 * @returns `undefined` when Compose would refuse the files with these values
 */
export function projectOf(deployment: DeploymentDirectory, environment: Environment): EnvProject | undefined {
  const { dir, files, env, contract } = deployment;
  const directory = pathOf(dir);
  const own = parseDotenv(env.text ?? "", { lookup: (name) => environment[name] }).values;
  const needed = contract.variables.filter(({ name, required }) => required && !(environment[name] ?? own.get(name)));
  const chosen = files.filter((file) => file.chosen);
  try {
    const { name, model } = resolve(
      chosen.map(({ fileName, text }) => ({ path: pathOf(dir, fileName), text })),
      {
        workingDirectory: directory,
        projectDirectory: directory,
        environment: { ...environment, ...Object.fromEntries(needed.map((variable) => [variable.name, ANYTHING])) },
        envFiles: env.text === undefined ? [] : [{ path: pathOf(env.path), text: env.text }],
        profiles: ["*"],
        allResources: true,
        resolveEnvironment: false,
      },
    );
    const volumes = isMap(model.volumes) ? Object.values(model.volumes) : [];
    const names = volumes.flatMap((volume) =>
      isMap(volume) && volume.external !== true && typeof volume.name === "string" ? [volume.name] : [],
    );
    return { name, volumes: names.sort() };
  } catch (error) {
    if (error instanceof ComposeError) return undefined;
    throw error;
  }
}
