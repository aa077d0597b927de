import { checkEnv, type EnvProblem } from "../../env/check";
import type { EnvContract } from "../../env/contract";
import { withLines, withValues } from "../../env/edit";
import type { Environment } from "../../env/file";
import { cannotEdit } from "../../env/init";
import { asMeant } from "../../env/pasted";
import { envValue } from "../../env/quote";
import { EnvReading } from "../../env/reading";
import { isSecretName } from "../../env/secret-name";
import type { OperateError } from "../error";
import { consequencesOf, variableOf } from "./explain";
import { backupPath, type EnvOnDisk } from "./file";
import { COMPOSES_OWN, refuseValues, secretInWords } from "./init";
import { type ChangePlan, refuseLateChange } from "./rotate";

/** A value that was given, and what is not quite right with it. */
export interface SettingPlan extends ChangePlan {
  readonly warnings: readonly EnvProblem[];
}

/** Whether a value must not stand in the words of a command. */
export function isSecretIn({ variables }: EnvContract, name: string): boolean {
  return variables.find((variable) => variable.name === name)?.secret ?? isSecretName(name);
}

/**
 * Refuses a name that can be given no value, before somebody is asked for one.
 *
 * @throws OperateError `unknown-variable`, `retired-variable`
 */
export function refuseUnknown(contract: EnvContract, name: string): void {
  if (!COMPOSES_OWN.test(name)) variableOf(contract, name);
}

/**
 * Works out the `.env` with a value for a variable. It is checked as `env check` does. Writes nothing.
 *
 * @param environment the one in which Compose will run
 * @throws OperateError `unknown-variable`, `retired-variable`, `counts-once`, `refused-value`
 * @throws ConstructError `cannot-edit`
 */
export async function planSetting(
  contract: EnvContract,
  env: EnvOnDisk,
  { name, value, environment, now }: SettingRequest,
): Promise<SettingPlan> {
  const before = env.text ?? "";
  const variable = COMPOSES_OWN.test(name) ? undefined : variableOf(contract, name);
  const reading = new EnvReading(contract, before);
  if (variable !== undefined) refuseLateChange(variable, reading.settings.has(name));
  const wanted = variable === undefined ? value : await asMeant(variable, value);
  const isThere = reading.file.entries.some((entry) => entry.name === name);
  const { text, failed } = isThere
    ? withValues(before, new Map([[name, wanted]]))
    : { text: withLines(before, ["", ...commentOn(variable?.meaning), `${name}=${envValue(wanted)}`]), failed: [] };
  if (failed.length > 0) throw cannotEdit(name);
  const problems = await checkEnv(contract, text, { environment });
  refuseValues(problems, new Set([name]));
  const warnings = problems.filter((problem) => problem.name === name);
  const { effect, restarts } =
    variable === undefined ? { effect: undefined, restarts: [] } : consequencesOf(variable, reading);
  return { name, restarts, effect, env, backup: backupPath(env, now), text, warnings };
}

export interface SettingRequest {
  readonly name: string;
  readonly value: string;
  readonly environment: Environment;
  readonly now: Date;
}

function commentOn(meaning: string | undefined): readonly string[] {
  return meaning === undefined ? [] : [`# ${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`];
}

/** The error for a secret that stands in the words of `env set`. */
export function secretInSet(name: string): OperateError {
  const instead = "leave the value out: it is asked for, or read from the standard input, or from --from-command";
  return secretInWords(name, instead);
}
