import type { Command } from "commander";
import { formatEnvProblem } from "../env/check";
import type { EnvProject } from "../operate/env/project";
import { registerChanges } from "./env-change";
import { collect, reportEnv, reportGitIgnore, type ValueWords, valuesOf, withValueOptions } from "./env-plan";
import { registerSeal } from "./env-seal";
import { AS_JSON, DIR } from "./options";
import { EXIT, errorsAmong, say, warn } from "./report";

/** Adds the commands about an `.env`. */
export function registerEnv(program: Command): void {
  const env = program.command("env").description("make, check and explain a deployment's .env");
  withValueOptions(env.command("init").description("make .env, or add what it lacks; never overwrites a value"))
    .option(...DIR)
    .option("--generate <NAME>", "make a random secret for NAME, too; can be repeated", collect)
    .action(init);
  env
    .command("check")
    .description("show everything that is wrong with .env; exit status 1 if the deployment cannot run with it")
    .option(...DIR)
    .option(...AS_JSON)
    .action(check);
  env
    .command("explain <NAME>")
    .description("explain what a variable is for, which services use it, and what a new value does")
    .option(...DIR)
    .option(...AS_JSON)
    .action(explain);
  registerChanges(env);
  registerSeal(env);
}

interface Place {
  readonly dir: string;
}

async function init(words: Place & ValueWords & { readonly generate?: readonly string[] }): Promise<void> {
  const { planEnvOf } = await import("../operate/env/command");
  const { writeEnv } = await import("../operate/env/init");
  const { dir, generate = [] } = words;
  const { planGitIgnore, writeGitIgnore } = await import("../operate/git-ignore");
  const plan = await planEnvOf({ dir, environment: process.env, generate, ...(await valuesOf(words)) });
  const gitIgnore = await planGitIgnore(dir);
  await writeGitIgnore(gitIgnore);
  await writeEnv(plan);
  reportEnv(plan);
  reportGitIgnore(gitIgnore);
}

async function check({ dir, json }: Place & { readonly json?: true }): Promise<void> {
  const { checkEnvOf } = await import("../operate/env/command");
  const report = await checkEnvOf({ dir, environment: process.env });
  const { file, exists, openToOthers, project, notes, problems } = report;
  const errors = errorsAmong(problems);
  if (errors > 0) process.exitCode = EXIT.failed;
  if (json === true) {
    say(JSON.stringify(report, undefined, 2));
    return;
  }
  if (!exists) warn(`note: there is no ${file}; lamb-compose env init makes one`);
  if (openToOthers) warn(`note: other users can open ${file}: chmod 600 ${file}`);
  for (const note of notes) warn(`note: ${note}`);
  if (project !== undefined) say(describeProject(project));
  for (const problem of problems) say(formatEnvProblem(problem, file));
  say(problems.length === 0 ? `${file} is in order` : `${errors} error(s), ${problems.length - errors} warning(s)`);
}

function describeProject({ name, volumes }: EnvProject): string {
  const data = volumes.length === 0 ? "it keeps no data in volumes" : `its data are in ${volumes.join(", ")}`;
  return `project ${name}: ${data}`;
}

async function explain(name: string, { dir, json }: Place & { readonly json?: true }): Promise<void> {
  const { explainEnvOf } = await import("../operate/env/command");
  const found = await explainEnvOf({ dir, environment: process.env }, name);
  if (json === true) {
    say(JSON.stringify(found, undefined, 2));
    return;
  }
  const kind = [found.required ? "required" : "optional", ...(found.secret ? ["secret"] : [])].join(", ");
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["is", `${kind}; ${found.setIn === undefined ? "not set" : `set: ${found.setIn}`}`],
    ["default", found.default === "" ? "empty" : found.default],
    ["example", found.example],
    ["formerly", found.formerNames.join(", ")],
    ["used by", found.usedBy.join(", ")],
    ["in", found.files.join(", ")],
  ];
  say(`${found.name}: ${found.meaning}`);
  for (const [title, text = ""] of rows) if (text !== "") say(`  ${title.padEnd(9)} ${text}`);
  for (const sentence of found.change) say(`  ${sentence}`);
}
