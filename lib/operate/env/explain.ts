import { tryInterpolate } from "../../compose/template/interpolate";
import type { EnvContract, EnvContractVariable } from "../../env/contract";
import { EnvReading } from "../../env/reading";
import { ROTATIONS, type Rotation } from "../../lamb/rotation";
import { OperateError } from "../error";
import { fixOfUnread } from "./init";

/** What is known of a variable. Never its value. */
export interface EnvExplanation {
  readonly name: string;
  readonly meaning: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** What holds without a value; other variables in it as `<NAME>`. Absent for a secret, and where nothing holds. */
  readonly default?: string | undefined;
  readonly example?: string | undefined;
  readonly formerNames: readonly string[];
  /** Services that use it. */
  readonly usedBy: readonly string[];
  /** Compose files that mention it. */
  readonly files: readonly string[];
  /** Where it is set, such as `line 12 of .env`; absent when it is not. */
  readonly setIn?: string | undefined;
  /** What a new value does. Sentences. */
  readonly change: readonly string[];
}

/**
 * Explains a variable of a deployment.
 *
 * @throws OperateError `unknown-variable`, `retired-variable`
 */
export function explainVariable(contract: EnvContract, text: string, name: string): EnvExplanation {
  const variable = variableOf(contract, name);
  const { meaning, required, secret, example, formerNames, usedBy, files } = variable;
  const reading = new EnvReading(contract, text);
  const setting = reading.settings.get(name);
  const removers = reading.removersOf(variable);
  const { effect, restarts } = consequencesOf(variable, reading);
  return {
    name,
    meaning,
    required,
    secret,
    default: secret || variable.default === undefined ? undefined : readable(variable.default),
    example,
    formerNames,
    usedBy,
    files,
    setIn: setting === undefined ? undefined : placeOf(setting.source, name, setting.line),
    change: [...whenItCounts(restarts, removers), ...(effect?.stops ?? []), ...(effect?.byHand ?? [])],
  };
}

/** What another value of a variable does. */
export interface Consequences {
  /** Services that start anew. */
  readonly restarts: readonly string[];
  /** What it means for people and other systems. `undefined` when nothing is known of it. */
  readonly effect: Rotation | undefined;
}

/** What another value of a variable does: nothing, where a file that runs takes away what it is for. */
export function consequencesOf(variable: EnvContractVariable, reading: EnvReading): Consequences {
  return reading.removersOf(variable).length > 0
    ? { restarts: [], effect: undefined }
    : { restarts: variable.usedBy, effect: ROTATIONS.get(variable.name) };
}

/**
 * The variable of a deployment.
 *
 * @throws OperateError `unknown-variable`, `retired-variable`
 */
export function variableOf(contract: EnvContract, name: string): EnvContractVariable {
  const variable = contract.variables.find((one) => one.name === name);
  if (variable !== undefined) return variable;
  const retired = contract.retired.find((one) => one.name === name);
  if (retired !== undefined) {
    throw new OperateError({
      code: "retired-variable",
      path: name,
      reason: `is not read any more: ${retired.reason}`,
      fix: retired.replacedBy === undefined ? "remove it from .env" : `use ${retired.replacedBy}`,
    });
  }
  throw new OperateError({
    code: "unknown-variable",
    path: name,
    reason: "is a name that nothing in this deployment reads",
    fix: fixOfUnread([name], contract),
  });
}

function placeOf(source: string, name: string, line: number | undefined): string {
  const where = line === undefined ? ".env" : `line ${line} of .env`;
  return source === name ? where : `${where}, as ${source}`;
}

function readable(template: string): string {
  return tryInterpolate(template, (name) => `<${name}>`, { lazy: true })?.text ?? template;
}

function whenItCounts(restarts: readonly string[], removers: readonly string[]): readonly string[] {
  if (removers.length > 0) {
    return [`A value has no effect with the files that run: ${removers.join(", ")} takes away what it is for.`];
  }
  return restarts.length === 0
    ? []
    : [`A new value counts from the next start on, which recreates ${restarts.join(", ")}.`];
}
