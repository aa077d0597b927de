import { checkEnv, type EnvProblem } from "../../env/check";
import type { Environment } from "../../env/file";
import { startCommand } from "../start-command";
import { certificateProblemsIn } from "./certificate-files";
import { readDeployment } from "./directory";
import { type EnvExplanation, explainVariable } from "./explain";
import { isOpenToOthers } from "./file";
import { type EnvInitRequest, type EnvPlan, planEnv } from "./init";
import { knownIn } from "./known";
import { otherReleaseProblems } from "./other-release";
import { type EnvProject, envProject, resolvedProject } from "./project";

/** What the commands about an `.env` have in common. */
export interface EnvCommand {
  /** The directory of the deployment. */
  readonly dir: string;
  /** The environment in which Compose will run. */
  readonly environment: Environment;
}

export interface EnvInitCommand extends EnvCommand, Pick<EnvInitRequest, "given" | "givenInPrivate" | "ask"> {
  /** Variables whose values are drawn, beside LAMB's own secrets. */
  readonly generate?: readonly string[] | undefined;
}

/**
 * Works out the `.env` of the deployment in a directory. LAMB's own secrets are drawn. A secret that LAMB does not know may
 * have been given out by somebody else: it is only drawn when its name is in `generate`.
 *
 * @throws OperateError, ConstructError: see {@link readDeployment}, {@link planEnv}
 */
export async function planEnvOf(command: EnvInitCommand): Promise<EnvPlan> {
  const { dir, environment } = command;
  const deployment = await readDeployment(dir, environment);
  const { contract, env, template } = deployment;
  const { given, givenInPrivate, ask, generate = [] } = command;
  const known = knownIn(contract);
  const draws: EnvInitRequest["draws"] = ({ name, required, secret }) =>
    generate.includes(name) || (required && secret && known.has(name));
  const plan = await planEnv({ contract, env, template, given, givenInPrivate, ask, draws });
  const planned = { ...deployment, env: { ...env, text: plan.text } };
  const others = otherReleaseProblems(contract, plan.text, environment);
  return { ...plan, problems: [...plan.problems, ...others, ...(await certificateProblemsIn(planned, environment))] };
}

/** What is wrong with an `.env`. */
export interface EnvReport {
  /** Path of the `.env`. */
  readonly file: string;
  /** Whether there is one. */
  readonly exists: boolean;
  /** Whether others than its owner can read or change it. */
  readonly openToOthers: boolean;
  /** The project that it names. Absent when Compose would refuse the files with its values. */
  readonly project?: EnvProject | undefined;
  /** What may run in place of the deployment: settings of the shell, Compose files of others. Clauses. */
  readonly notes: readonly string[];
  readonly problems: readonly EnvProblem[];
}

/** Checks the `.env` of the deployment in a directory. Changes nothing. */
export async function checkEnvOf({ dir, environment }: EnvCommand): Promise<EnvReport> {
  const deployment = await readDeployment(dir, environment);
  const { contract, env } = deployment;
  const project = resolvedProject(deployment, environment);
  const problems = [
    ...(await checkEnv(contract, env.text ?? "", { environment })),
    ...otherReleaseProblems(contract, env.text ?? "", environment),
    ...(await certificateProblemsIn(deployment, environment, project)),
  ];
  return {
    file: env.path,
    exists: env.text !== undefined,
    openToOthers: isOpenToOthers(env),
    project: project === undefined ? undefined : envProject(project),
    notes: startCommand(contract, dir, env.text ?? "", environment).notes,
    problems,
  };
}

/** Explains a variable of the deployment in a directory. */
export async function explainEnvOf({ dir, environment }: EnvCommand, name: string): Promise<EnvExplanation> {
  const { contract, env } = await readDeployment(dir, environment);
  return explainVariable(contract, env.text ?? "", name);
}
