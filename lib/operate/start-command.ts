import { existsSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import { parseDotenv } from "../compose/dotenv/dotenv";
import { projectFiles } from "../compose/loader/project-files";
import { isEnabled, namedProfiles } from "../compose/loader/select";
import type { EnvContract } from "../env/contract";
import type { Environment } from "../env/file";
import { discover, STANDARD_FILES } from "./find-project";

/** How a deployment is started. */
export interface StartCommand {
  /** Words of `docker compose` before its command, such as `-f` and the files: none where the `.env` says it all. */
  readonly words: readonly string[];
  /** What an operator must know beside it. Clauses. */
  readonly notes: readonly string[];
}

/**
 * What starts a deployment in its folder, whatever else lies there or above, and whatever the shell's environment says.
 *
 * @param text the `.env`
 * @param environment the one in which Compose will run
 */
export function startCommand(contract: EnvContract, dir: string, text: string, environment: Environment): StartCommand {
  const { values } = parseDotenv(text, { lookup: (name) => environment[name] });
  const value = (name: string) => environment[name] ?? values.get(name);
  const chosen = contract.files.filter((file) => file.chosen).map(({ fileName }) => fileName);
  const named = projectFiles(value)?.map((path) => normalize(path)) ?? [];
  const words: string[] = [];
  const notes: string[] = [];
  if (environment.COMPOSE_ENV_FILES || environment.COMPOSE_DISABLE_ENV_FILE) words.push("--env-file", ".env");
  const runs = chosen.every((file) => named.includes(file));
  if (!runs) words.push(...chosen.flatMap((file) => ["-f", file]));
  const profiles = namedProfiles(value("COMPOSE_PROFILES"));
  const enabled = contract.profiles.filter((profile) => profile.enabled).map(({ name }) => name);
  if (enabled.some((name) => !isEnabled([name], profiles))) {
    const all = new Set([...profiles, ...enabled].filter(Boolean));
    words.push(...[...all].flatMap((name) => ["--profile", name]));
  }
  for (const name of ["COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"]) {
    const outside = environment[name];
    if (outside === undefined || outside === values.get(name)) continue;
    notes.push(`${name} is set in this shell's environment, too, and wins over .env: unset ${name}`);
  }
  const own = new Set(contract.files.map(({ fileName }) => fileName));
  const other = STANDARD_FILES.find((name) => !own.has(name) && existsSync(join(dir, name)));
  if (other !== undefined) {
    const how = runs
      ? "plain docker compose in this folder does not run it"
      : "plain docker compose in this folder runs it";
    notes.push(`${join(dir, other)} is not this deployment's: ${how}`);
  }
  return { words, notes: [...notes, ...fileAbove(dir, chosen)] };
}

/** Compose looks upwards only from a folder that has neither a Compose file nor an `.env` that names one. */
function* fileAbove(dir: string, chosen: readonly string[]): Generator<string> {
  if (chosen.length === 0) return;
  const [other] = discover(dirname(resolve(dir))).files;
  if (other === undefined) return;
  yield `${other} is not this deployment's: docker compose in ${dirname(other)} runs that one`;
}
