import { DATA_GENERATION } from "../../construct/data-volume";
import { EnvVar } from "../../construct/env-var";
import { OLLAMA } from "../../lamb/facts/ollama";
import { addressOf } from "../../lamb/facts/service";
import { LambRelease } from "../../lamb/release";
import * as variables from "../../lamb/variables";
import { withOllama } from "../../lamb/variables/with-ollama";

/** What LAMB's constructs know of a name. There are several when a construct changes a default. */
export type KnownVariables = ReadonlyMap<string, readonly EnvVar[]>;

/** A variable that every deployment of LAMB has. Without it, names mean what the files say, and nothing more. */
export const SIGN_OF_LAMB = variables.LAMB_BEARER_TOKEN.name;

/** Every variable of LAMB's constructs. */
export function variablesOfLamb(): KnownVariables {
  const known = new Map<string, EnvVar[]>();
  const versions = LambRelease.versions.map((version) => new LambRelease(version).versionVariable);
  const changedByOllama = Object.values(withOllama(addressOf(OLLAMA)));
  for (const variable of [...Object.values(variables), DATA_GENERATION, ...changedByOllama, ...versions]) {
    if (EnvVar.isEnvVar(variable)) known.set(variable.name, [...(known.get(variable.name) ?? []), variable]);
  }
  return known;
}
