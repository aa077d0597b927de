import type { EnvVar } from "../../construct/env-var";
import { group, oneOf, wordList } from "./kinds";

const plugins = group("Plugins");

/** Which variables the plugins of a service have. */
interface Plugins {
  /** The values that the service knows, in any case; the last is the one of a plugin that nothing is said of. */
  readonly modes: readonly [string, ...string[]];
  /**
   * Another word for the last, which older `.env` files have.
   * @default - none
   */
  readonly alias?: string;
  /** Names of the plugins in the service. */
  readonly names: readonly string[];
  /**
   * What the names of the variables begin with.
   * @default "PLUGIN"
   */
  readonly kind?: string;
}

/** A variable for each plugin of a service, by its name there. */
export function pluginVariables({ modes, alias, names, kind = "PLUGIN" }: Plugins): Readonly<Record<string, EnvVar>> {
  const type = oneOf(modes, alias === undefined ? [] : [alias]);
  const meaning = (name: string) => `plugin ${name}: ${wordList(modes)}, which unset is`;
  return Object.fromEntries(
    names.map((name) => [`${kind}_${name}`, plugins(`${kind}_${name}`, meaning(name.toLowerCase()), { type })]),
  );
}
