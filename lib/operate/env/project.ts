import { resolve as pathOf } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { ComposeError } from "../../compose/error";
import { type Project, resolve } from "../../compose/project";
import type { Environment } from "../../env/file";
import { mapOf } from "../../spec/value";
import { OperateError } from "../error";
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

/**
 * {@link resolvedProject}, where a command can do nothing without it.
 *
 * @throws OperateError `not-resolved`
 */
export function projectOf(deployment: ReadFiles, environment: Environment): Project {
  const project = resolvedProject(deployment, environment);
  if (project !== undefined) return project;
  const reason = "has files that Docker Compose refuses with the values of its .env";
  const fix = "run `lamb-compose env check` and `lamb-compose config`, which say what is wrong";
  throw new OperateError({ code: "not-resolved", path: deployment.dir, reason, fix });
}

/** What a project is called, and what it keeps. */
export function envProject({ name, model }: Project): EnvProject {
  const names = Object.values(mapOf(model.volumes)).flatMap((volume) => {
    const { name: own, external } = mapOf(volume);
    return external !== true && typeof own === "string" ? [own] : [];
  });
  return { name, volumes: names.sort() };
}
