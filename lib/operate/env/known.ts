import { DATA_GENERATION } from "../../construct/data-volume";
import type { EnvVar } from "../../construct/env-var";
import type { EnvContract } from "../../env/contract";
import { OLLAMA } from "../../lamb/facts/ollama";
import { addressOf } from "../../lamb/facts/service";
import { ALL_VARIABLES } from "../../lamb/left-out";
import { LambRelease } from "../../lamb/release";
import { LAMB_BEARER_TOKEN } from "../../lamb/variables";
import { withOllama } from "../../lamb/variables/with-ollama";
import { addTo } from "../../spec/group";

/** What LAMB's constructs know of a name. There are several when a construct changes a default. */
export type KnownVariables = ReadonlyMap<string, readonly EnvVar[]>;

/** A variable that every deployment of LAMB has. Without it, names mean what the files say, and nothing more. */
export const SIGN_OF_LAMB = LAMB_BEARER_TOKEN.name;

/** Every variable of LAMB's constructs. */
export function variablesOfLamb(): KnownVariables {
  const known = new Map<string, EnvVar[]>();
  const versions = LambRelease.versions.map((version) => new LambRelease(version).versionVariable);
  const changedByOllama = Object.values(withOllama(addressOf(OLLAMA)));
  for (const variable of [...ALL_VARIABLES, DATA_GENERATION, ...changedByOllama, ...versions]) {
    addTo(known, variable.name, variable);
  }
  return known;
}

/** What LAMB's constructs know of the names of a deployment: nothing, where it is not LAMB's. */
export function knownIn({ variables }: EnvContract): KnownVariables {
  return variables.some(({ name }) => name === SIGN_OF_LAMB) ? variablesOfLamb() : new Map();
}
