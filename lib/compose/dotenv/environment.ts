import { ComposeError } from "../error";
import type { FileInput, Files } from "../loader/files";
import { join } from "../loader/paths";
import type { Lookup } from "../template/interpolate";
import { parseDotenv } from "./dotenv";

export interface EnvironmentOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly envFiles?: readonly FileInput[];
}

export interface EnvironmentContext {
  readonly files: Files;
  readonly absolute: (path: string) => string;
  /** The project directory, where `.env` is looked for. */
  readonly directory: string;
  readonly lazy: boolean;
  readonly warn: (message: string) => void;
}

/** The variables that interpolation sees. */
export interface Environment {
  readonly lookup: Lookup;
  /** `the environment`, or `.env` with a line. */
  readonly sourceOf: (name: string) => string | undefined;
  readonly values: ReadonlyMap<string, string>;
}

/** What Go's `strconv.ParseBool` takes for true. */
const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);

/** Reads the env files: later ones win over earlier ones, the environment of the command over all of them. */
export function readEnvironment(options: EnvironmentOptions, context: EnvironmentContext): Environment {
  const { files, absolute, directory, lazy, warn } = context;
  const outside = new Map(
    Object.entries(options.environment ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const disabled = TRUE.has(outside.get("COMPOSE_DISABLE_ENV_FILE") ?? "");
  const standard = join(directory, ".env");
  const paths = options.envFiles?.map((input) => {
    const path = absolute(typeof input === "string" ? input : input.path);
    if (typeof input !== "string") files.provide(path, input);
    return path;
  });
  let inside: ReadonlyMap<string, string> = new Map();
  const sources = new Map<string, string>();
  for (const path of paths ?? (disabled ? [] : [standard])) {
    const content = files.text(path);
    if (content === undefined) {
      if (paths === undefined) continue;
      throw new ComposeError("env-file", `couldn't find env file: ${path}`);
    }
    const read = parseDotenv(content, { lookup: (name) => outside.get(name), before: inside, lazy });
    for (const { name } of read.unset) warn(`The "${name}" variable is not set. Defaulting to a blank string.`);
    const [problem] = read.problems;
    if (problem !== undefined)
      throw new ComposeError("env-file", `failed to read ${path}: ${problem.message}`, {
        file: path,
        line: problem.line,
        column: 1,
      });
    inside = read.values;
    for (const { name, line } of read.entries) sources.set(name, `${path}:${line}`);
  }
  return {
    lookup: (name) => outside.get(name) ?? inside.get(name),
    sourceOf: (name) => (outside.has(name) ? "the environment" : sources.get(name)),
    values: new Map([...inside, ...outside]),
  };
}
