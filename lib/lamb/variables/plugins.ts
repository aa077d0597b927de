import type { EnvVar } from "../../construct/env-var";
import { type Details, group } from "./kinds";

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
  const taken: readonly (string | undefined)[] = [...modes, alias];
  const words = `${modes.slice(0, -1).join(", ")} or ${modes.at(-1)}`;
  const type: Details["type"] = (z) =>
    z.string().refine((text) => taken.includes(text.trim().toUpperCase()), `must be ${words}`);
  const meaning = (name: string) => `plugin ${name}: ${words}, which unset is`;
  return Object.fromEntries(
    names.map((name) => [`${kind}_${name}`, plugins(`${kind}_${name}`, meaning(name.toLowerCase()), { type })]),
  );
}
