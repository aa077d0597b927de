import { join } from "node:path";
import { parseDotenv } from "../compose/dotenv/dotenv";
import { WriteError } from "../disk/error";
import { readManifest } from "../disk/manifest";
import type { WriteResult } from "../disk/write";
import type { EnvContract, EnvContractVariable } from "../env/contract";
import { initEnv } from "../env/init";
import { LambRelease } from "../lamb/release";
import { type DeploymentChoices, mergedChoices } from "./choices";
import { OWN_FILE, type PlannedDeployment, planDeployment, readChoices, versionIn } from "./deployment";
import { redactor } from "./engine/redact";
import { certificateProblemsIn } from "./env/certificate-files";
import { type EnvOnDisk, readEnvOnDisk } from "./env/file";
import { withoutGone } from "./env/gone-files";
import { type EnvInitRequest, type EnvPlan, planEnv, writeEnv } from "./env/init";
import { otherReleaseProblems } from "./env/other-release";
import { resolvedProject } from "./env/project";
import { OperateError } from "./error";
import { type GitIgnorePlan, planGitIgnore, writeGitIgnore } from "./git-ignore";
import { readHistory, stateFiles } from "./journal/history";
import { type HeldInLayer, wordsOn } from "./layers";
import { readLock } from "./lock/file";
import { type NextSteps, nextSteps, type ReleaseCommand } from "./next-steps";
import { type ExistingProjects, freeProjectName } from "./project-names";
import { releaseNotes } from "./release-notes";
import { type StartCommand, startCommand } from "./start-command";

/** Lines of a difference that are shown; the rest is for `diff`. */
const MOST_LINES = 40;

/** What somebody says of a deployment before it is made. */
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
  /**
   * What containers of a project hold in their own layers, by the project's name.
   * @default - nobody looks
   */
  readonly held?: ((project: string) => Promise<readonly HeldInLayer[]>) | undefined;
}

/** What an initialization did. */
export interface InitResult {
  readonly deployment: PlannedDeployment;
  readonly files: WriteResult;
  readonly env: EnvPlan;
  /** What an operator must know of names that another project on this host has, and of the release. Sentences. */
  readonly notes: readonly string[];
  readonly gitIgnore: GitIgnorePlan;
  readonly next: NextSteps;
  readonly start: StartCommand;
}

/** What is not known yet of a deployment. */
export interface OpenQuestions {
  readonly contract: EnvContract;
  /** Whether it is new: the choices of no earlier run are there. */
  readonly isNew: boolean;
  /** Whether it has no `.env` yet, which is written last: a first run may have ended before. */
  readonly lacksEnv: boolean;
  /** The choices so far, with those of an earlier run. */
  readonly choices: DeploymentChoices;
  /** Required variables that only the operator knows. */
  readonly missing: readonly EnvContractVariable[];
  /** The value that is given or stands in the `.env`. */
  readonly known: (name: string) => string | undefined;
}

/** Looks what there is to ask. Writes nothing. */
export async function openQuestions(request: InitRequest): Promise<OpenQuestions> {
  const { dir, given, givenInPrivate } = request;
  const { deployment, choices, earlier, before } = await planned(dir, request.choices);
  const { contract } = deployment;
  const values = new Map([...(given ?? []), ...(givenInPrivate ?? [])]);
  // Nothing of this is written: the secrets that are drawn for it need no chance.
  const random = (bytes: number) => new Uint8Array(bytes);
  const { missing } = initEnv(contract, before.text, {
    ...{ given: values, random, generates: isOwnSecret },
    startsChosen: startsChosen(values),
  });
  const there = parseDotenv(before.text ?? "").values;
  const known = (name: string) => values.get(name) ?? there.get(name);
  const lacksEnv = before.text === undefined;
  return { contract, isNew: earlier === undefined, lacksEnv, choices, missing, known };
}

/**
 * Makes a deployment in a directory, or brings it up to date: its files, and then its `.env`. Images are named by the
 * digests of the directory's lock, if it has one. Everything that can be wrong
 * is found before anything is written.
 *
 * @throws OperateError, ConstructError, SynthesisError, WriteError: see {@link planDeployment}, {@link planEnv}
 */
export async function initialize(request: InitRequest): Promise<InitResult> {
  const { dir, given, givenInPrivate, ask } = request;
  const { deployment, choices, earlier, before } = await planned(dir, request.choices);
  const { contract, template, synthesis } = deployment;
  const { name: projectName, notes } = await nameOf(request, deployment, before);
  const gitIgnore = await planGitIgnore(dir);
  const draws = isOwnSecret;
  const env = await planEnv({
    ...{ contract, env: before, template, projectName, given, givenInPrivate, draws, ask },
    without: await withoutGone(contract, dir, before.text),
    startsChosen: startsChosen(given),
  });
  const files = contract.files.map((file) => ({ ...file, text: synthesis.files.get(file.fileName) ?? "" }));
  const made = { dir, files, env: { ...before, text: env.text }, contract };
  const others = otherReleaseProblems(contract, env.text, {});
  const problems = [...env.problems, ...others, ...(await certificateProblemsIn(made, {}))];
  await refuseHeld(request, resolvedProject(made, {})?.name);
  const written = await writeFiles(request, deployment, env.text);
  await writeGitIgnore(gitIgnore);
  await writeEnv(env);
  const gets = releaseOf(choices) ?? LambRelease.default;
  const ran = releaseOf(await lastChoices(dir));
  // What was started with plain Compose is not kept as a state: it may be what the files said last.
  const had = ran === undefined || ran === gets ? releaseOf(earlier) : ran;
  const about = releaseNotes(gets, had);
  const next = nextSteps(made, choices, commandBetween(had, gets, ran));
  const start = startCommand(contract, dir, env.text, process.env);
  const all = [...notes, ...about];
  return { deployment, files: written, env: { ...env, problems }, notes: all, gitIgnore, next, start };
}

function releaseOf(choices: DeploymentChoices | undefined): string | undefined {
  return choices === undefined ? undefined : (versionIn(choices.release) ?? LambRelease.default);
}

/** The choices with which the deployment ran last, whatever its files have said since. */
async function lastChoices(dir: string): Promise<DeploymentChoices | undefined> {
  const last = (await readHistory(dir)).at(-1);
  return last === undefined ? undefined : readChoices(stateFiles(dir, last.number));
}

/**
 * What brings a deployment from one release to another. `up` looks first whether the data are of the release that starts.
 *
 * @param ran the release of the last state that was kept
 */
function commandBetween(had: string | undefined, gets: string, ran: string | undefined): ReleaseCommand | undefined {
  if (had === undefined || had === gets) return undefined;
  const isBack = LambRelease.versions.indexOf(gets) < LambRelease.versions.indexOf(had);
  if (ran === gets || (isBack && ran === undefined)) return "up";
  return isBack ? "rollback" : "upgrade";
}

/** The next `up` of a project makes new containers: what the old ones hold in themselves must be out by then. */
async function refuseHeld({ dir, held }: InitRequest, project: string | undefined): Promise<void> {
  const found = project === undefined ? [] : ((await held?.(project)) ?? []).map(wordsOn);
  if (found.length === 0) return;
  throw new OperateError({
    code: "held-in-layers",
    path: dir,
    reason: [
      `the project ${project} has containers that hold what no volume has; the next \`up\` would lose it`,
      ...found.map(({ subject, reason }) => `${subject}: ${reason}`),
    ].join("\n    "),
    fix: [
      ...found.map(({ fix }) => fix),
      "or give this deployment a name of its own: COMPOSE_PROJECT_NAME in .env",
    ].join("\n    "),
  });
}

interface Planned {
  readonly deployment: PlannedDeployment;
  readonly choices: DeploymentChoices;
  /** The choices of an earlier run. */
  readonly earlier: DeploymentChoices | undefined;
  readonly before: EnvOnDisk;
}

async function planned(dir: string, chosen: DeploymentChoices): Promise<Planned> {
  const { lock } = await readLock(dir);
  const earlier = await readChoices(dir);
  const choices = mergedChoices(earlier ?? {}, chosen);
  const deployment = planDeployment(choices, lock);
  return { deployment, choices, earlier, before: await readEnvOnDisk(join(dir, ".env")) };
}

/** What is said at the end to start it names all of its files, unless somebody says now which run. */
function startsChosen(given: ReadonlyMap<string, string> | undefined): boolean {
  return given?.has("COMPOSE_FILE") !== true;
}

function isOwnSecret({ required, secret }: EnvContractVariable): boolean {
  return required && secret;
}

/** Writes the files. Where one was changed by hand, the answer is what was changed, and where such a change belongs. */
async function writeFiles(
  { dir, force }: InitRequest,
  { synthesis }: PlannedDeployment,
  env: string,
): Promise<WriteResult> {
  try {
    return await synthesis.write(dir, { overwriteEdited: force });
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    if (error.code === "not-ours") {
      throw new OperateError({
        code: "not-ours",
        path: dir,
        value: error.value ?? "",
        reason: "has files of these names, which `init` did not write; nothing was changed",
        fix: "give the deployment a folder of its own with --dir, beside a checkout of LAMB and not in it; or move the files away",
      });
    }
    if (error.code !== "edited") throw error;
    const edited = new Set((error.value ?? "").split(", "));
    const drifts = (await synthesis.check(dir)).filter(({ path }) => edited.has(path));
    const lines = drifts.flatMap(({ diff }) => redactor(env)(diff).trimEnd().split("\n").slice(2));
    const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more lines`] : [];
    throw new OperateError({
      code: "edited",
      path: [...edited].map((path) => join(dir, path)).join(", "),
      reason: `was changed by hand since it was written; nothing was changed. What --force would make of it:\n${[...lines.slice(0, MOST_LINES), ...more].map((line) => `    ${line}`).join("\n")}`,
      fix: `put what you changed into ${OWN_FILE}, a file of your own with nothing else in it, and its name at the end of COMPOSE_FILE in .env; then run this again with --force`,
    });
  }
}

/**
 * A deployment that is there keeps its name: with another one it would start with empty volumes. One without an `.env` has
 * none yet: its first run did not come to its end.
 */
async function nameOf(
  { dir, existing }: InitRequest,
  { contract, projectName }: PlannedDeployment,
  { text }: EnvOnDisk,
): Promise<{ readonly name: string | undefined; readonly notes: readonly string[] }> {
  if (text !== undefined && (await readManifest(dir)).size > 0) return { name: undefined, notes: [] };
  const files = contract.files.map(({ fileName }) => fileName);
  return freeProjectName(projectName, dir, files, await existing?.());
}
