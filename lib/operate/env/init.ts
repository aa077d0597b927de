import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { projectFiles } from "../../compose/loader/project-files";
import { isEnabled, namedProfiles } from "../../compose/loader/select";
import { checkEnv, type EnvProblem } from "../../env/check";
import type { EnvContract, EnvContractVariable } from "../../env/contract";
import { describeMissing, type EnvAddition, initEnv } from "../../env/init";
import { asMeant } from "../../env/pasted";
import { isAbout } from "../../env/problem";
import { envValue } from "../../env/quote";
import { isSecretName } from "../../env/secret-name";
import { nearest } from "../../spec/nearest";
import { OperateError } from "../error";
import { type EnvOnDisk, leaveEnvOnDisk, writeEnvOnDisk } from "./file";
import type { WithoutGone } from "./gone-files";
import { knownIn } from "./known";

/** An answer that was not taken, and what is wrong with it. */
export interface Refused {
  readonly answer: string;
  readonly problem: string;
}

/** Asks a person for the value of a variable, again after an answer that was refused. */
export type Ask = (variable: EnvContractVariable, refused: Refused | undefined) => Promise<string>;

export interface EnvInitRequest {
  readonly contract: EnvContract;
  readonly env: EnvOnDisk;
  /** Name of the template that explains the rest. */
  readonly template?: string | undefined;
  /** Values from the words of the command, which others on the host can read: none may be a secret. */
  readonly given?: ReadonlyMap<string, string> | undefined;
  /** Values that came in a way that nobody else could read. */
  readonly givenInPrivate?: ReadonlyMap<string, string> | undefined;
  /**
   * The name of a deployment that is new on its host.
   * @default - none is written
   */
  readonly projectName?: string | undefined;
  /**
   * It is started with all chosen files, whichever the `.env` names.
   * @default false
   */
  readonly startsChosen?: boolean | undefined;
  /**
   * What is there, without the names of files that leave the deployment.
   * @default - as it is
   */
  readonly without?: WithoutGone | undefined;
  /** Required secrets whose values are drawn. */
  readonly draws: (variable: EnvContractVariable) => boolean;
  /**
   * Whom to ask for what nobody can guess.
   * @default - nobody: what is missing is an error
   */
  readonly ask?: Ask | undefined;
}

/** An `.env` that is ready to be written. */
export interface EnvPlan {
  readonly env: EnvOnDisk;
  readonly text: string;
  readonly added: readonly EnvAddition[];
  /** Files that `COMPOSE_FILE` named, and no longer does: they leave the deployment. */
  readonly gone: readonly string[];
  /** What does not run although it is there, and what to do. */
  readonly notes: readonly string[];
  /** What is wrong with the file, old lines included. */
  readonly problems: readonly EnvProblem[];
}

/** What Docker Compose itself reads from an `.env`. */
export const COMPOSES_OWN = /^(?:COMPOSE|DOCKER)_[A-Z_]+$/;

/**
 * Works out the `.env` of a deployment. Writes nothing.
 *
 * @throws OperateError `secret-in-words`, `unknown-variable`, `missing-values`, `refused-value`: all that is wrong at once
 * @throws ConstructError `unreadable-env`, `already-set`, `cannot-edit`
 */
export async function planEnv(request: EnvInitRequest): Promise<EnvPlan> {
  const { contract, env, draws, template, projectName, startsChosen, ask } = request;
  const { text: there, gone } = request.without ?? { text: env.text, gone: [] };
  refuseNames(request);
  const given = new Map([...(await meant(request.given ?? new Map(), contract)), ...(request.givenInPrivate ?? [])]);
  const make = () =>
    initEnv(contract, there, {
      ...{ given, random: randomBytes, generates: draws },
      ...{ template, projectName, startsChosen },
    });
  let made = make();
  if (made.missing.length > 0) {
    if (ask === undefined) throw missingValues(made.missing, contract);
    const earlier = parseDotenv(there ?? "").values;
    const known = (name: string) => given.get(name) ?? earlier.get(name);
    for (const [name, answer] of await answersFor(made.missing, contract, ask, known)) given.set(name, answer);
    made = make();
  }
  const problems = await checkEnv(contract, made.text);
  refuseValues(problems, new Set(given.keys()));
  return { env, text: made.text, added: made.added, gone, notes: notesOn(contract, made.text), problems };
}

/**
 * Writes what was planned, when there is anything to write; else makes sure that what was read is still there.
 *
 * @throws OperateError those of {@link writeEnvOnDisk}
 */
export async function writeEnv({ env, text }: EnvPlan): Promise<void> {
  if (text === env.text) await leaveEnvOnDisk(env);
  else await writeEnvOnDisk(env, text);
}

function refuseNames({ contract, given, givenInPrivate }: EnvInitRequest): void {
  const variables = new Map(contract.variables.map((variable) => [variable.name, variable]));
  const names = [...(given?.keys() ?? [])];
  const secrets = names.filter((name) => variables.get(name)?.secret ?? isSecretName(name));
  if (secrets.length > 0) {
    const words = secrets.map((name) => `--set-from-stdin ${name}`).join(", or ");
    throw secretInWords(secrets.join(", "), `use ${words}, and put the value on the standard input`);
  }
  const unknown = [...names, ...(givenInPrivate?.keys() ?? [])].filter(
    (name) => !variables.has(name) && !COMPOSES_OWN.test(name),
  );
  if (unknown.length > 0) {
    throw new OperateError({
      code: "unknown-variable",
      path: unknown.join(", "),
      reason: "is a name that nothing in this deployment reads",
      fix: fixOfUnread(unknown, contract),
    });
  }
}

/** The error for a secret that stands in the words of a command. */
export function secretInWords(path: string, instead: string): OperateError {
  const reason =
    "is a secret: the arguments of a command stay in the shell's history, and every user of this host can read them while it runs";
  const fix = `${instead}; take a new value if this one is in use`;
  return new OperateError({ code: "secret-in-words", path, reason, fix });
}

/** The variable that somebody probably means by a name that nothing reads. One that LAMB has elsewhere is meant as it is. */
function nameMeant(name: string, contract: EnvContract): string | undefined {
  const renamed = contract.variables.find(({ formerNames }) => formerNames.includes(name));
  if (renamed !== undefined) return renamed.name;
  const retired = contract.retired.find((other) => other.name === name);
  if (retired !== undefined) return retired.replacedBy;
  if (knownIn(contract).has(name)) return undefined;
  return nearest(
    name,
    contract.variables.map((variable) => variable.name),
  );
}

/** What is to be done with names that nothing reads. */
export function fixOfUnread(names: readonly string[], contract: EnvContract): string {
  const meant = names.flatMap((name) => nameMeant(name, contract) ?? []);
  if (meant.length > 0) return `did you mean ${meant.join(", ")}?`;
  const known = knownIn(contract);
  return names.every((name) => known.has(name))
    ? "leave it out: it is for a deployment with other choices, such as another kind of TLS"
    : "correct the name";
}

/** Asks for variables, one after the other, until each answer can be right. */
export async function answersFor(
  missing: readonly EnvContractVariable[],
  contract: EnvContract,
  ask: Ask,
  known: (name: string) => string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  for (const variable of missing) {
    const answer = await answerFor(variable, contract, ask, (name) => answers.get(name) ?? known(name));
    answers.set(variable.name, answer);
  }
  return answers;
}

/** Values as whoever pasted them means them. */
async function meant(
  given: ReadonlyMap<string, string>,
  { variables }: EnvContract,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map(given);
  for (const variable of variables) {
    const text = given.get(variable.name);
    if (text !== undefined) values.set(variable.name, await asMeant(variable, text));
  }
  return values;
}

/** Asks until the answer can be right, by itself and beside what is known of the variables that it must differ from. */
async function answerFor(
  variable: EnvContractVariable,
  contract: EnvContract,
  ask: Ask,
  known: (name: string) => string | undefined,
): Promise<string> {
  const related = contract.variables.filter(
    ({ name, distinctFrom }) =>
      variable.distinctFrom.some((other) => other.name === name) ||
      distinctFrom.some((other) => other.name === variable.name),
  );
  const alone: EnvContract = { ...contract, variables: [variable, ...related], retired: [] };
  const lines = related.flatMap(({ name }) => {
    const value = known(name);
    return value === undefined ? [] : [`${name}=${envValue(value)}\n`];
  });
  for (let refused: Refused | undefined; ; ) {
    const answer = await ask(variable, refused);
    const value = await asMeant(variable, answer);
    const found = await checkEnv(alone, `${lines.join("")}${variable.name}=${envValue(value)}\n`);
    const first = found.find((one) => isAbout(one, variable.name) && one.severity === "error");
    if (first === undefined) return value;
    refused = { answer, problem: `${first.reason}: ${first.fix}` };
  }
}

function missingValues(missing: readonly EnvContractVariable[], contract: EnvContract): OperateError {
  const lines = missing.map((variable) => `\n  - ${describeMissing(variable, contract)}`);
  const open = missing.filter(({ secret }) => !secret).map(({ name }) => `--set ${name}=…`);
  const secret = missing.filter((one) => one.secret).map(({ name }) => `--set-from-stdin ${name}`);
  const drawn = secret.length === 0 ? "" : " (or --generate NAME for a secret that comes from nobody else)";
  return new OperateError({
    code: "missing-values",
    reason: `only you know these values; nothing was written${lines.join("")}`,
    fix: `give them with ${[...open, ...secret].join(" ")}${drawn}, or run it in a terminal, where it asks`,
  });
}

/**
 * Refuses errors about values that were given.
 *
 * @throws OperateError `refused-value`
 */
export function refuseValues(problems: readonly EnvProblem[], given: ReadonlySet<string>): void {
  const refused = problems.filter(({ name, other = "", severity }) => {
    return severity === "error" && (given.has(name) || given.has(other));
  });
  if (refused.length === 0) return;
  throw new OperateError({
    code: "refused-value",
    reason: `nothing was written${refused.map(({ name, reason, fix }) => `\n  - ${name} ${reason}: ${fix}`).join("")}`,
    fix: "give other values",
  });
}

/** Files and profiles that belong to the deployment, and that an `.env` which was there already does not name. */
function notesOn(contract: EnvContract, text: string): readonly string[] {
  const { values } = parseDotenv(text);
  const notes: string[] = [];
  const chosen = contract.files.filter((file) => file.chosen).map(({ fileName }) => fileName);
  const named = projectFiles((name) => values.get(name)) ?? [];
  const left = chosen.filter((name) => !named.some((path) => basename(path) === basename(name)));
  if (left.length > 0) {
    const line = `COMPOSE_FILE=${envValue([...named, ...left].join(values.get("COMPOSE_PATH_SEPARATOR") || ":"))}`;
    notes.push(`${left.join(", ")} does not run: COMPOSE_FILE in .env does not name it. All would be: ${line}`);
  }
  const profiles = namedProfiles(values.get("COMPOSE_PROFILES"));
  const asleep = contract.profiles.filter(({ name, enabled }) => enabled && !isEnabled([name], profiles));
  for (const { name, services } of asleep) {
    const line = `COMPOSE_PROFILES=${envValue([...profiles, name].filter(Boolean).join(","))}`;
    notes.push(`${services.join(", ")} does not run: COMPOSE_PROFILES in .env does not name ${name}. Set ${line}`);
  }
  return notes;
}
