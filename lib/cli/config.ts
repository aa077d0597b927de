import { existsSync, writeFileSync } from "node:fs";
import { resolve as absolute, dirname, join } from "node:path";
import { ComposeError, parseDotenv, type ResolveOptions, releaseOf, VersionError } from "../compose";
import { projectFiles } from "../compose/loader/project-files";
import { FileError } from "../disk/error";
import { assertNotReserved } from "../disk/output-path";

import { type ConfigWords, parseConfigWords, WordsError } from "./config-flags";
import { configOutput } from "./config-output";
import { DISK, isDirectory, read } from "./disk-access";

/** What a command reads and writes. */
export interface ConfigIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The text of `-f -`. */
  readonly stdin: () => string;
}

const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES = [
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
function discover(from: string): Found {
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
    const [main] = choose(existing(NAMES), "config");
    if (main !== undefined) return { files: [main, ...choose(existing(OVERRIDES), "override")], warnings };
    if (dirname(directory) === directory) return { files: [], warnings: [] };
  }
}

const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);

/** `.env` of a directory, unless somebody turned it off. */
function standardEnvFile(directory: string, { env }: ConfigIo): readonly string[] {
  const path = join(directory, ".env");
  return TRUE.has(env.COMPOSE_DISABLE_ENV_FILE ?? "") || !existsSync(path) || isDirectory(path) ? [] : [path];
}

/** A variable that says how to run: of the environment, else of the env files. */
function setting(name: string, envFiles: readonly string[], { env }: ConfigIo): string | undefined {
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

interface Plan {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly options: ResolveOptions;
}

function plan(words: ConfigWords, io: ConfigIo): Plan {
  const { values, switches } = words;
  const at = (path: string) => absolute(io.cwd, path);
  const directory = values.get("--project-directory");
  const [given] = words.files;
  const explicit = words.envFiles.length > 0 ? words.envFiles : (io.env.COMPOSE_ENV_FILES?.split(",") ?? []);
  const start = directory ?? (given === undefined || given === "-" ? io.cwd : dirname(at(given)));
  const first = explicit.length > 0 ? explicit.map(at) : standardEnvFile(at(start), io);
  const listed = projectFiles((name) => setting(name, first, io));
  const found: Found =
    words.files.length > 0
      ? { files: words.files, warnings: [] }
      : listed === undefined
        ? discover(at(start))
        : { files: listed, warnings: [] };
  const [main] = found.files;
  const home = directory ?? (main === undefined || main === "-" ? io.cwd : dirname(at(main)));
  // A second look, where the files turned out to be; what the first look found stays.
  const second = explicit.length > 0 ? [] : standardEnvFile(at(home), io).filter((path) => !first.includes(path));
  const options: ResolveOptions = {
    ...DISK,
    environment: { PWD: io.cwd, ...io.env },
    envFiles: [...second, ...first],
    workingDirectory: io.cwd,
    projectDirectory: home,
    ...(words.profiles.length > 0 ? { profiles: words.profiles } : {}),
    ...(values.has("--project-name") ? { projectName: values.get("--project-name") ?? "" } : {}),
    ...(values.has("--compose") ? { compose: releaseOf(values.get("--compose") ?? "") } : {}),
    services: words.services,
    interpolate: !switches.has("--no-interpolate"),
    normalize: !switches.has("--no-normalize") && !switches.has("--compatibility"),
    resolvePaths: !switches.has("--no-path-resolution"),
    resolveEnvironment: !switches.has("--no-env-resolution"),
    checkConsistency: !switches.has("--no-consistency"),
    allResources: switches.has("--all-resources"),
  };
  return { files: found.files, warnings: found.warnings, options };
}

function output(words: ConfigWords, { files: paths, options }: Plan, io: ConfigIo): string {
  const files = paths.map((path) => (path === "-" ? { path: "-", text: io.stdin() } : path));
  const warn = (message: string) => io.stderr(`level=warning msg=${JSON.stringify(message)}\n`);
  return configOutput(words, files, { ...options, warn });
}

/** What a person can have done wrong. */
const EXPECTED = [ComposeError, WordsError, VersionError, FileError];

/**
 * `lamb-compose … config …`: the words, the files, the environment variables and the output of `docker compose config`,
 * without Docker. `--compose 5.7` answers as Compose 5.7 does.
 *
 * @returns the exit code: 0, or 1 with the message on stderr
 */
export function config(words: readonly string[], io: ConfigIo): number {
  try {
    const parsed = parseConfigWords(words);
    const planned = plan(parsed, io);
    for (const warning of planned.warnings) io.stderr(`level=warning msg=${JSON.stringify(warning)}\n`);
    const text = output(parsed, planned, io);
    const file = parsed.values.get("--output");
    if (parsed.switches.has("--quiet")) return 0;
    if (file === undefined) io.stdout(text);
    else {
      assertNotReserved(file);
      writeFileSync(absolute(io.cwd, file), text);
    }
    return 0;
  } catch (error) {
    if (!EXPECTED.some((kind) => error instanceof kind) || !(error instanceof Error)) throw error;
    io.stderr(`${error.message}\n`);
    return 1;
  }
}
