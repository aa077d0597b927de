import { join } from "node:path";
import { readManifest } from "../disk/manifest";
import { readText } from "../disk/read-file";
import type { WriteResult } from "../disk/write";
import { LambRelease } from "../lamb/release";
import {
  CHOICES_FILE,
  choicesIn,
  type DeploymentChoices,
  mergedChoices,
  type PlannedDeployment,
  planDeployment,
  versionIn,
} from "./deployment";
import { certificateProblemsIn } from "./env/certificate-files";
import { readEnvOnDisk } from "./env/file";
import { type EnvInitRequest, type EnvPlan, planEnv, writeEnv } from "./env/init";
import { type GitIgnorePlan, planGitIgnore, writeGitIgnore } from "./git-ignore";
import { readLock } from "./lock/file";
import { type ExistingProjects, freeProjectName } from "./project-names";
import { releaseNotes } from "./release-notes";

export interface InitRequest extends Pick<EnvInitRequest, "given" | "givenInPrivate" | "ask"> {
  readonly dir: string;
  /** What is chosen now; what is not is as an earlier run in the directory chose it. */
  readonly choices: DeploymentChoices;
  /**
   * Whether to overwrite generated files that were changed by hand.
   * @default false
   */
  readonly force?: boolean | undefined;
  /**
   * The projects on this host, for the name of a new deployment.
   * @default - nobody looks
   */
  readonly existing?: (() => Promise<ExistingProjects | undefined>) | undefined;
}

/** What an initialization did. */
export interface InitResult {
  readonly deployment: PlannedDeployment;
  readonly files: WriteResult;
  readonly env: EnvPlan;
  /** What an operator must know of names that another project on this host has, and of the release. Sentences. */
  readonly notes: readonly string[];
  readonly gitIgnore: GitIgnorePlan;
}

/**
 * Makes a deployment in a directory, or brings it up to date: its files, and then its `.env`. Images are named by the
 * digests of the directory's lock, if it has one. Everything that can be wrong
 * is found before anything is written.
 *
 * @throws OperateError, ConstructError, SynthesisError, WriteError: see {@link planDeployment}, {@link planEnv}
 */
export async function initialize(request: InitRequest): Promise<InitResult> {
  const { dir, given, givenInPrivate, ask, force } = request;
  const { lock } = await readLock(dir);
  const earlier = await earlierChoices(dir);
  const choices = mergedChoices(earlier ?? {}, request.choices);
  const deployment = planDeployment(choices, lock);
  const { contract, template, synthesis } = deployment;
  const draws: EnvInitRequest["draws"] = ({ required, secret }) => required && secret;
  const before = await readEnvOnDisk(join(dir, ".env"));
  const { name: projectName, notes } = await nameOf(request, deployment);
  const gitIgnore = await planGitIgnore(dir);
  const env = await planEnv({ contract, env: before, template, projectName, given, givenInPrivate, draws, ask });
  const composeFiles = contract.files.map((file) => ({ ...file, text: synthesis.files.get(file.fileName) ?? "" }));
  const problems = [
    ...env.problems,
    ...(await certificateProblemsIn({ dir, files: composeFiles, env: { ...before, text: env.text }, contract }, {})),
  ];
  const files = await synthesis.write(dir, { overwriteEdited: force });
  await writeGitIgnore(gitIgnore);
  await writeEnv(env);
  const had = earlier === undefined ? undefined : (versionIn(earlier.release) ?? LambRelease.default);
  const about = releaseNotes(versionIn(choices.release), had);
  return { deployment, files, env: { ...env, problems }, notes: [...notes, ...about], gitIgnore };
}

/** A deployment that is there keeps its name: with another one it would start with empty volumes. */
async function nameOf({ dir, existing }: InitRequest, { contract, projectName }: PlannedDeployment) {
  if ((await readManifest(dir)).size > 0) return { name: undefined, notes: [] };
  const files = contract.files.map(({ fileName }) => fileName);
  return freeProjectName(projectName, dir, files, await existing?.());
}

async function earlierChoices(dir: string): Promise<DeploymentChoices | undefined> {
  const text = await readText(join(dir, CHOICES_FILE));
  return text === undefined ? undefined : choicesIn(text);
}
