import type { EnvVar } from "../../construct/env-var";
import { type Details, group } from "./kinds";

const plugins = group("Plugins");

/**
 * A variable for each plugin of a service, by its name there.
 *
 * @param modes the values that the service knows; the last is the one of a plugin that nothing is said of
 * @param kind what the names of the variables begin with
 */
export function pluginVariables(
  modes: readonly [string, ...string[]],
  names: readonly string[],
  kind = "PLUGIN",
): Readonly<Record<string, EnvVar>> {
  const type: Details["type"] = (z) => z.enum(modes);
  const meaning = (name: string) =>
    `plugin ${name}: ${modes.slice(0, -1).join(", ")} or ${modes.at(-1)}, which unset is`;
  return Object.fromEntries(
    names.map((name) => [`${kind}_${name}`, plugins(`${kind}_${name}`, meaning(name.toLowerCase()), { type })]),
  );
}
