import { parseDotenv } from "../../compose/dotenv/dotenv";
import { checkEnv } from "../../env/check";
import type { EnvContract, EnvContractVariable } from "../../env/contract";
import { COMPOSES_OWN, isNamed } from "../../env/name-rules";
import { envValue } from "../../env/quote";
import { PUBLIC_NAMES } from "../../lamb/facts/old-places";
import { type OldValue, oldValue, type Source } from "./source";

/** What becomes of a variable of an older installation. No value. */
export interface VariableFate {
  /** The file and the name there. */
  readonly file: string;
  readonly name: string;
  /**
   * - `kept`: under its name
   * - `renamed`: under the name of today
   * - `replaced`: its value is public, or cannot be right: a new one takes its place
   * - `retired`: nothing reads it any more
   * - `there`: the new `.env` has a value already, which stays
   * - `default`: it says what holds anyway
   * - `unknown`: nothing is known of it
   */
  readonly fate: "kept" | "renamed" | "replaced" | "retired" | "there" | "default" | "unknown";
  /** The name of today. @default - none */
  readonly to?: string | undefined;
  /** Why: a clause. @default - the fate says all */
  readonly why?: string | undefined;
}

/** Values for the new `.env`, and what became of each of the old. */
export interface MappedValues {
  readonly given: ReadonlyMap<string, string>;
  readonly fates: readonly VariableFate[];
}

/**
 * The values of an older installation for a new deployment. What Compose itself reads, such as the project's name, stays
 * behind.
 *
 * @param env text of the `.env` that is there already
 * @param more values that were found elsewhere, by today's name
 */
export async function mapValues(
  source: Source,
  contract: EnvContract,
  env: string,
  more: ReadonlyMap<string, string>,
): Promise<MappedValues> {
  const known = new Map(contract.variables.map((variable) => [variable.name, variable]));
  const present = parseDotenv(env).values;
  const given = new Map<string, string>();
  const origin = new Map<string, OldValue>();
  const fates: VariableFate[] = [];
  const give = (old: OldValue, name: string, value: string) => {
    const { file, name: from } = old;
    const isOther = given.has(name) && given.get(name) !== value;
    if ((present.get(name) ?? "") !== "") {
      fates.push({ file, name: from, fate: "there", to: name });
    } else if (isOther) {
      const why = `${origin.get(name)?.file} has another value, which counts`;
      fates.push({ file, name: from, fate: "retired", to: name, why });
    } else {
      given.set(name, value);
      origin.set(name, old);
      fates.push({ file, name: from, fate: from === name ? "kept" : "renamed", to: name });
    }
  };
  for (const old of source.values) {
    const { file, name, value } = old;
    if (COMPOSES_OWN.test(name)) continue;
    const host = PUBLIC_NAMES.find(({ address }) => address.name === name || address.formerNames.includes(name));
    const hostVariable = host === undefined ? undefined : known.get(host.host.name);
    if (hostVariable !== undefined && value !== "") {
      give(old, hostVariable.name, hostOf(value));
      continue;
    }
    const variable = variableOf(old, contract, known);
    if (variable === undefined) fates.push(fateOfOther(old, contract));
    else if (hasNoEffect(variable, contract)) {
      fates.push({ file, name, fate: "retired", why: "the proxy's file makes it from the public names" });
    } else if (value === "" && !variable.emptyIsValue) fates.push({ file, name, fate: "default" });
    else if (value === variable.default) fates.push({ file, name, fate: "default", to: variable.name });
    else give(old, variable.name, value);
  }
  for (const [name, value] of more) {
    if (known.has(name) && !given.has(name) && (present.get(name) ?? "") === "") given.set(name, value);
  }
  return { given, fates: await withoutWrong(contract, given, fates) };
}

/** Takes away what cannot be right: it is drawn, asked for, or left to its default. */
async function withoutWrong(
  contract: EnvContract,
  given: Map<string, string>,
  fates: readonly VariableFate[],
): Promise<readonly VariableFate[]> {
  const text = [...given].map(([name, value]) => `${name}=${envValue(value)}\n`).join("");
  const wrong = new Map(
    (await checkEnv(contract, text))
      .filter(({ severity, name, code }) => severity === "error" && given.has(name) && code !== "unknown-files")
      .map(({ name, reason }) => [name, reason]),
  );
  for (const name of wrong.keys()) given.delete(name);
  return fates.map((fate) => {
    const why = fate.fate === "kept" || fate.fate === "renamed" ? wrong.get(fate.to ?? "") : undefined;
    return why === undefined ? fate : { ...fate, fate: "replaced", why };
  });
}

function variableOf(
  { name, means }: OldValue,
  contract: EnvContract,
  known: ReadonlyMap<string, EnvContractVariable>,
): EnvContractVariable | undefined {
  if (means !== undefined) return known.get(means.name);
  return known.get(name) ?? contract.variables.find(({ formerNames }) => formerNames.includes(name));
}

function hasNoEffect({ removedBy = [] }: EnvContractVariable, { files }: EnvContract): boolean {
  return files.some(({ fileName, chosen }) => chosen && removedBy.includes(fileName));
}

function fateOfOther({ file, name, value }: OldValue, { retired, leftOut = [] }: EnvContract): VariableFate {
  const old = retired.find((one) => one.name === name);
  if (old !== undefined) {
    const isOther = old.harmlessValue !== undefined && value !== "" && value !== old.harmlessValue;
    return {
      file,
      name,
      fate: "retired",
      to: old.replacedBy,
      why: isOther ? [old.reason, "it had another value", old.otherwise ?? []].flat().join("; ") : old.reason,
    };
  }
  const left = leftOut.find((one) => isNamed(name, one.name));
  if (left !== undefined) return { file, name, fate: "retired", why: left.reason };
  return { file, name, fate: "unknown", why: "nothing is known of it, and nothing reads it" };
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : address;
}

/** The public addresses that the older installation had. */
export function oldAddresses({ values }: Source): readonly string[] {
  return PUBLIC_NAMES.flatMap(({ address }) => {
    const value = [address.name, ...address.formerNames].map((name) => oldValue(values, name)).find((one) => one);
    return value === undefined ? [] : [value];
  });
}
