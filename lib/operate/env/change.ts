import { join } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { projectFiles } from "../../compose/loader/project-files";
import { ROTATIONS } from "../../lamb/rotation";
import { nextGeneration } from "../data/generations";
import { deployedDifferences } from "../deployed/difference";
import { Docker } from "../engine/docker";
import { ComposeProject } from "../engine/project";
import { nothingToAbort, type OpenedDeployment, openDeployment } from "../journal/open";
import type { OperationResult, Progress } from "../journal/operation";
import { generationIn } from "../journal/record-state";
import { frozenSpec } from "../migrate/places";
import type { PlannedColumn } from "../migrate/plan";
import { assertRoomFor, changedRows, dataIn, laggingRows, otherwise } from "../relink/frozen";
import { type StartCommand, startCommand } from "../start-command";
import { copyToNext, removeNext } from "../switch/next";
import { runningState } from "../switch/running-state";
import { planFromFacts, projectAt, runSwitch, type SwitchPlan } from "../switch/switch";
import { answeredNow } from "../verify/outside";
import type { EnvCommand } from "./command";
import { type DeploymentDirectory, readDeployment } from "./directory";
import { readEnvOnDisk, writeEnvOnDisk } from "./file";
import { type ChangePlan, planRotation } from "./rotate";
import { planSetting, type SettingPlan } from "./set";

/** Seconds for which services are watched after they were started with another value. */
const WATCH = 3;
/** No generation of the data is removed for another value. */
const KEEP_ALL = 1_000_000;

export interface ChangeRequest extends EnvCommand {
  readonly name: string;
  /** The value; `undefined` draws one for a secret that was generated. Asked for when it is needed. */
  readonly value: ((deployment: DeploymentDirectory) => Promise<string>) | undefined;
  readonly progress: Progress;
  /** Whether what runs is started with the new value. */
  readonly restart: boolean;
  /** Asked, where data have saved what the value changes, whether they are to be rewritten: in a copy that takes their place. */
  readonly relinks: (offer: RelinkOffer) => Promise<boolean>;
  /** Takes back one that was cut off, and does nothing else. */
  readonly abort: boolean;
  readonly now: Date;
  /** Asked before anything is done. */
  readonly agrees: (plan: Change) => Promise<boolean>;
}

/** What data have saved that is other with another value. */
export interface RelinkOffer {
  /** The columns, with the number of rows that would be rewritten. */
  readonly columns: readonly PlannedColumn[];
  /** Whether it is a key: until it is rewritten, services refuse each other. */
  readonly isKey: boolean;
}

/** What a change would do. */
export interface Change extends Pick<SettingPlan, "name" | "effect" | "warnings"> {
  /** Path of the `.env`. */
  readonly file: string;
  /** The services that start anew, by what runs; where nothing runs, by what the files say. */
  readonly restarts: readonly string[];
  readonly isRunning: boolean;
  /** Rows of the data that have saved the value from before, and whether they are rewritten. @default - there are none */
  readonly saved?: { readonly rows: number; readonly relinks: boolean } | undefined;
}

/** How it went. */
export type ChangeResult =
  | { readonly kind: "nothing-to-do" }
  | { readonly kind: "not-agreed"; readonly change: Change }
  | ({ readonly kind: "written"; readonly change: Change; readonly start: StartCommand } & Written)
  | (OperationResult & {
      readonly kind: "ended";
      readonly state: number;
      readonly effect: ChangePlan["effect"];
      readonly left: number;
    });

interface Written extends Pick<ChangePlan, "env"> {
  /** Where what was there is kept. `undefined` when there was nothing. */
  readonly backup: string | undefined;
}

/**
 * Gives a variable of a deployment another value. Where the deployment runs, the services that use it start anew with it,
 * in order; it is asked from outside, and kept as a state. Whatever fails leads back to the value from before. Where it
 * does not run, the value is written, with a backup beside it.
 *
 * @throws OperateError, ConstructError: see {@link planSetting}, {@link planRotation}; `not-running`, `unknown-state`
 */
export async function changeVariable(request: ChangeRequest): Promise<ChangeResult> {
  const { dir, name, environment } = request;
  const operation = `env ${request.value === undefined ? "rotate" : "set"} ${name}`;
  const deployment = await readDeployment(dir, environment);
  const opened = await openDeployment(dir, operation, request.progress, request.abort);
  try {
    if (opened.cutOff !== undefined) return await carryOut(planFromFacts(opened.cutOff), request, opened);
    if (request.abort) throw nothingToAbort(dir);
    const plan = await planOf(request, deployment);
    if (plan.text === plan.env.text) return { kind: "nothing-to-do" };
    const home = new ComposeProject(dir, new Docker(environment));
    const isRunning = request.restart && (await hasContainers(home));
    return isRunning
      ? await switchTo({ plan, home, operation }, request, opened)
      : await write(plan, request, deployment);
  } finally {
    await opened.close();
  }
}

async function planOf({ name, value, environment, now }: ChangeRequest, deployment: DeploymentDirectory) {
  const { contract, env } = deployment;
  if (value === undefined) return { ...planRotation(contract, env, name, now), warnings: [] };
  const plan = await planSetting(contract, env, { name, value: await value(deployment), environment, now });
  const files = name === "COMPOSE_FILE" ? parseDotenv(plan.text).values.get(name) : undefined;
  // Files that are not there would keep every later command from reading the deployment.
  if (files !== undefined) await readDeployment(deployment.dir, { ...environment, COMPOSE_FILE: files });
  return plan;
}

/** Whether anything of a deployment is on the engine. Without an engine nothing is. */
async function hasContainers(home: ComposeProject): Promise<boolean> {
  if ((await home.docker.run(["version"], { timeout: 10 })).code !== 0) return false;
  return (await home.containers()).length > 0;
}

async function write(
  plan: SettingPlan,
  { dir, environment, agrees }: ChangeRequest,
  { contract }: DeploymentDirectory,
): Promise<ChangeResult> {
  const change = told(plan, plan.restarts, false);
  if (!(await agrees(change))) return { kind: "not-agreed", change };
  const { env, text } = plan;
  await writeEnvOnDisk(env, text, plan.backup);
  const backup = env.text === undefined ? undefined : plan.backup;
  return { kind: "written", change, env, backup, start: startCommand(contract, dir, text, environment) };
}

/** What may be shown of a plan: the value is in none of it. */
function told({ name, effect, warnings, env }: SettingPlan, restarts: readonly string[], isRunning: boolean): Change {
  return { name, effect, warnings, file: env.path, restarts, isRunning };
}

interface Situation {
  readonly plan: SettingPlan;
  readonly home: ComposeProject;
  readonly operation: string;
}

async function switchTo(
  { plan, home, operation }: Situation,
  request: ChangeRequest,
  opened: OpenedDeployment,
): Promise<ChangeResult> {
  const { agrees } = request;
  const state = await runningState(home, operation);
  const folder = await stage(request, plan);
  const target = await projectAt(request, folder, state.generation);
  const differences = await deployedDifferences(target);
  const restarts = differences.filter(({ kind, damage }) => kind === "service" && damage !== "nothing");
  const names = restarts.map((one) => one.name);
  const saved = await savedIn(request, { home, target, generation: state.generation });
  const change = { ...told(plan, names, true), saved };
  if (!(await agrees(change))) {
    await removeNext(request.dir);
    return { kind: "not-agreed", change };
  }
  const switched: SwitchPlan = {
    operation,
    state: state.number,
    folder,
    before: state.generation,
    after: saved?.relinks
      ? await nextGeneration(home, [state.generation, await generationIn(request.dir)])
      : state.generation,
    copies: saved?.relinks ?? false,
    relinks: saved?.relinks ?? false,
    rehearses: false,
    watch: WATCH,
    keep: KEEP_ALL,
    outside: await answeredNow(await home.model()),
  };
  return carryOut(switched, request, opened, saved?.relinks === false ? saved.rows : 0);
}

interface Saved {
  readonly home: ComposeProject;
  readonly target: ComposeProject;
  readonly generation: string;
}

/** What the data have saved of the value from before. */
async function savedIn({ relinks }: ChangeRequest, { home, target, generation }: Saved): Promise<Change["saved"]> {
  const [now, next] = [frozenSpec(await home.model()), frozenSpec(await target.model())];
  const changes = otherwise(now, next);
  if (changes.length === 0) return undefined;
  const data = await dataIn(home, generation);
  const columns = (await laggingRows(data, next)).filter(({ changed }) => changed > 0);
  const rows = changedRows(columns);
  if (rows === 0) return undefined;
  const isKey = changes.some(({ kind }) => kind === "connection");
  if (!(await relinks({ columns, isKey }))) return { rows, relinks: false };
  await assertRoomFor(data, await home.model());
  return { rows, relinks: true };
}

/** The files of the deployment as they are, and the `.env` as it is to be. */
async function stage({ dir, environment }: ChangeRequest, { text }: SettingPlan): Promise<string> {
  const folder = await copyToNext(dir, environment, filesIn(text));
  await writeEnvOnDisk(await readEnvOnDisk(join(folder, ".env")), text);
  return folder;
}

/** The files that the `.env` as it is to be names. */
function filesIn(text: string): readonly string[] {
  const { values } = parseDotenv(text);
  return projectFiles((name) => values.get(name)) ?? [];
}

/** @param left rows of the data that go on naming the value from before */
async function carryOut(
  plan: SwitchPlan,
  request: ChangeRequest,
  opened: OpenedDeployment,
  left = 0,
): Promise<ChangeResult> {
  const result = await runSwitch(plan, request, opened);
  if (result.outcome !== "stuck") await removeNext(request.dir);
  return { ...result, effect: ROTATIONS.get(request.name), left };
}
