import { writeFileSync } from "node:fs";
import { resolve as absolute } from "node:path";
import { ComposeError, type ResolveOptions, releaseOf, VersionError } from "../compose";
import { DISK } from "../disk/compose-access";
import { FileError } from "../disk/error";
import { assertNotReserved } from "../disk/output-path";
import { findProject } from "../operate/find-project";

import { type ConfigWords, parseConfigWords, WordsError } from "./config-flags";
import { configOutput } from "./config-output";

/** What a command reads and writes. */
export interface ConfigIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The text of `-f -`. */
  readonly stdin: () => string;
}

interface Plan {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly options: ResolveOptions;
}

function plan(words: ConfigWords, { cwd, env }: ConfigIo): Plan {
  const { values, switches, files: named, envFiles } = words;
  const projectDirectory = values.get("--project-directory");
  const project = findProject({ cwd, env, files: named, envFiles, projectDirectory });
  const options: ResolveOptions = {
    ...DISK,
    environment: { PWD: cwd, ...env },
    envFiles: project.envFiles,
    workingDirectory: cwd,
    projectDirectory: project.directory,
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
  return { files: project.files, warnings: project.warnings, options };
}

function output(words: ConfigWords, { files: paths, options }: Plan, io: ConfigIo): Promise<string> {
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
export async function config(words: readonly string[], io: ConfigIo): Promise<number> {
  try {
    const parsed = parseConfigWords(words);
    const planned = plan(parsed, io);
    for (const warning of planned.warnings) io.stderr(`level=warning msg=${JSON.stringify(warning)}\n`);
    const text = await output(parsed, planned, io);
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
