import { ComposeError } from "../error";
import type { FileInput, Files } from "../loader/files";
import { join } from "../loader/paths";
import type { Lookup } from "../template/interpolate";
import { isTrueWord } from "../tree/gotext";
import { readDotenv } from "./read-dotenv";

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

/** Reads the env files: later ones win over earlier ones, the environment of the command over all of them. */
export function readEnvironment(options: EnvironmentOptions, context: EnvironmentContext): Environment {
  const { files, absolute, directory, lazy, warn } = context;
  const outside = new Map(
    Object.entries(options.environment ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const disabled = isTrueWord(outside.get("COMPOSE_DISABLE_ENV_FILE") ?? "");
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
    const { values, entries } = readDotenv(path, content, {
      lookup: (name) => outside.get(name),
      before: inside,
      lazy,
      warn,
    });
    inside = values;
    for (const { name, line } of entries) sources.set(name, `${path}:${line}`);
  }
  return {
    lookup: (name) => outside.get(name) ?? inside.get(name),
    sourceOf: (name) => (outside.has(name) ? "the environment" : sources.get(name)),
    values: new Map([...inside, ...outside]),
  };
}
