import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDotenv } from "../compose/dotenv/dotenv";
import { projectFiles } from "../compose/loader/project-files";
import { isDirectory, read } from "../disk/compose-access";
import type { Environment } from "../env/file";

/** The names that Compose looks for by itself, and what it merges over the first of them. */
export const STANDARD_FILES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
export const STANDARD_OVERLAYS = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];

interface Found {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/** The first directory upwards that holds a Compose file, with its override. */
export function discover(from: string): Found {
  for (let directory = from; ; directory = dirname(directory)) {
    const existing = (names: readonly string[]) => names.map((name) => join(directory, name)).filter(existsSync);
    const warnings: string[] = [];
    const choose = (candidates: readonly string[], what: string) => {
      if (candidates.length > 1) {
        warnings.push(
          `Found multiple ${what} files with supported names: ${candidates.join(", ")}`,
          `Using ${candidates[0]}`,
        );
      }
      return candidates.slice(0, 1);
    };
    const [main] = choose(existing(STANDARD_FILES), "config");
    if (main !== undefined) return { files: [main, ...choose(existing(STANDARD_OVERLAYS), "override")], warnings };
    if (dirname(directory) === directory) return { files: [], warnings: [] };
  }
}

const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);

/** `.env` of a directory, unless somebody turned it off. */
function standardEnvFile(directory: string, env: Environment): readonly string[] {
  const path = join(directory, ".env");
  return TRUE.has(env.COMPOSE_DISABLE_ENV_FILE ?? "") || !existsSync(path) || isDirectory(path) ? [] : [path];
}

/** A variable that says how to run: of the environment, else of the env files. */
function setting(name: string, envFiles: readonly string[], env: Environment): string | undefined {
  if (env[name] !== undefined) return env[name];
  let value: string | undefined;
  for (const path of envFiles) {
    const content = read(path);
    const { values } = parseDotenv(content === undefined ? "" : new TextDecoder().decode(content), {
      lookup: (key) => env[key],
    });
    value = values.get(name) ?? value;
  }
  return value;
}

/** Where Compose is asked to look. */
export interface Search {
  /** The directory in which it is called. */
  readonly cwd: string;
  readonly env: Environment;
  /** What `-f` names, as it is written; `-` is the standard input. */
  readonly files: readonly string[];
  /** What `--env-file` names. */
  readonly envFiles: readonly string[];
  /** What `--project-directory` names. */
  readonly projectDirectory: string | undefined;
}

/** What a project is read from. */
export interface Project {
  /** The Compose files, in the order in which they are merged. */
  readonly files: readonly string[];
  /** The env files that variables have their values from, in their order. */
  readonly envFiles: readonly string[];
  readonly directory: string;
  /** What Compose says of its choice. */
  readonly warnings: readonly string[];
}

/** Finds the files of a project as Compose does: by its options, its environment, its `.env` and the names of files. */
export function findProject({ cwd, env, files, envFiles, projectDirectory }: Search): Project {
  const at = (path: string) => resolve(cwd, path);
  const [given] = files;
  const explicit = envFiles.length > 0 ? envFiles : (env.COMPOSE_ENV_FILES?.split(",") ?? []);
  const start = projectDirectory ?? (given === undefined || given === "-" ? cwd : dirname(at(given)));
  const first = explicit.length > 0 ? explicit.map(at) : standardEnvFile(at(start), env);
  const listed = files.length > 0 ? files : projectFiles((name) => setting(name, first, env));
  const found = listed === undefined ? discover(at(start)) : { files: listed, warnings: [] };
  const [main] = found.files;
  const directory = projectDirectory ?? (main === undefined || main === "-" ? cwd : dirname(at(main)));
  // A second look, where the files turned out to be; what the first look found stays.
  const second = explicit.length > 0 ? [] : standardEnvFile(at(directory), env).filter((path) => !first.includes(path));
  return { ...found, envFiles: [...second, ...first], directory };
}

/** The directory above another one whose files Compose takes there, as it does where it finds none and is told of none. */
export function directoryAbove(dir: string, env: Environment): string | undefined {
  const own = resolve(dir);
  if (projectFiles((name) => setting(name, standardEnvFile(own, env), env)) !== undefined) return undefined;
  const [main] = discover(own).files;
  return main === undefined || dirname(main) === own ? undefined : dirname(main);
}
