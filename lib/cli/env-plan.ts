import { lstatSync } from "node:fs";
import type { Command } from "commander";
import { formatEnvProblem } from "../env/check";
import type { EnvAddition } from "../env/init";
import type { EnvOnDisk } from "../operate/env/file";
import type { Ask, EnvPlan } from "../operate/env/init";
import type { GitIgnorePlan } from "../operate/git-ignore";
import { askVariable, isInteractive, valuesInPrivate } from "./ask";
import { EXIT, errorsAmong, say, UsageError, warn } from "./report";

/** Words of commands that make an `.env`. */
export interface ValueWords {
  /** @default - none */
  readonly set?: readonly string[];
  /** @default - none */
  readonly setFromStdin?: readonly string[];
}

/** Gives a command the words for values. */
export function withValueOptions(command: Command): Command {
  return command
    .option("--set <NAME=VALUE>", "value of a variable that is not a secret; can be repeated", collect)
    .option("--set-from-stdin <NAME>", "take the value of NAME, such as a secret, from the standard input", collect);
}

/** The values that the words of a command give, and whom to ask for others. */
export async function valuesOf({ set = [], setFromStdin = [] }: ValueWords) {
  const given = new Map(set.map(assignment));
  const ask: Ask | undefined = isInteractive() ? (variable, refused) => askVariable(variable, refused) : undefined;
  return { given, givenInPrivate: await valuesInPrivate(setFromStdin), ask };
}

/** For an option that can be given several times. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** Says what a written `.env` has now that it did not have, and what is wrong with it. */
export function reportEnv({ env, text, added, gone, notes, problems }: EnvPlan): void {
  const isLink = lstatSync(env.path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  const place = isLink ? `${env.realPath}, to which ${env.path} is a link` : env.path;
  if (text === env.text) say(`${place} has everything: nothing was added`);
  else if (env.text === undefined) say(`made ${place}, which only you can read`);
  else if (added.length > 0) say(`added to ${place}, without changing what was there:`);
  for (const addition of added) say(`  ${addition.name}  ${ORIGINS[addition.from](addition)}`);
  if (gone.length > 0) say(`COMPOSE_FILE in ${place} no longer names what left the deployment: ${gone.join(", ")}`);
  if (text !== env.text) reportRights(env);
  for (const note of notes) warn(`note: ${note}`);
  for (const problem of problems) warn(formatEnvProblem(problem, env.path));
  if (errorsAmong(problems) > 0) process.exitCode = EXIT.failed;
}

/** Says what was done so that no secret gets into git, and what is left to do. */
export function reportGitIgnore({ path, text, isNew, lacking }: GitIgnorePlan): void {
  if (text !== undefined) say(isNew ? `wrote ${path}` : `added to ${path}: ${lacking.join(" ")}`);
  else if (lacking.length > 0) {
    warn(
      `note: ${path} cannot be read; these lines, which keep secrets out of git, are missing there: ${lacking.join(" ")}`,
    );
  }
}

/** Says what a written `.env` took away from others than its owner. */
export function reportRights({ rights }: EnvOnDisk): void {
  if (rights === undefined || rights.mode === 0o600) return;
  say(`its permissions were ${rights.mode.toString(8)} and are 600 now: only its owner can read it`);
}

const ORIGINS: Readonly<Record<EnvAddition["from"], (addition: EnvAddition) => string>> = {
  generated: () => "a new random secret",
  given: () => "as given",
  moved: ({ formerName }) => `with the value of ${formerName}, its earlier name`,
  files: () => "from the deployment's files",
  folder: () => "chosen for this folder; names of containers and volumes begin with it",
};

function assignment(word: string): readonly [name: string, value: string] {
  const at = word.indexOf("=");
  if (at <= 0) throw new UsageError("--set takes NAME=VALUE");
  return [word.slice(0, at), word.slice(at + 1)];
}
