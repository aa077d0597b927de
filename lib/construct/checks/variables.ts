import type { Finding } from "../../report/finding";
import { formatPath } from "../../spec";
import type { EnvVar } from "../env-var";
import type { Mention } from "../synth/render";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** Names that Compose sets by itself, or reads from the environment. */
const OF_COMPOSE = /^(COMPOSE_.*|DOCKER_.*|PWD|HOME)$/;

/** Variables with two meanings, and variables that are mentioned and explained nowhere. */
export function* variables(files: readonly RenderedFile[]): Generator<Finding> {
  const known = new Map<string, Mention<EnvVar>>();
  const conflicts = new Set<EnvVar>();
  for (const rendered of files) {
    for (const mention of rendered.register.variables) {
      const { what: variable, by, path } = mention;
      const first = known.get(variable.name);
      if (first === undefined) known.set(variable.name, mention);
      else if (!first.what.equals(variable) && !conflicts.has(variable)) {
        conflicts.add(variable);
        yield inFile(rendered, {
          code: "variable-conflict",
          path,
          by,
          value: variable.name,
          reason: `the variable has another meaning, default or rule here than in ${first.by.node.path} at ${formatPath(first.path)}`,
          fix: "use one EnvVar object in both places, or give one of them another name",
        });
      }
    }
  }
  const explained = new Set([...known.values()].flatMap(({ what }) => [what.name, ...what.formerNames]));
  const reported = new Set<string>();
  for (const rendered of files) {
    for (const { what: name, by, path } of rendered.register.plainVariables) {
      if (explained.has(name) || reported.has(name) || OF_COMPOSE.test(name)) continue;
      reported.add(name);
      yield inFile(rendered, {
        code: "variable-unexplained",
        severity: "warning",
        path,
        by,
        value: name,
        reason: "the variable is mentioned as text, so the .env template and its check do not know it",
        fix: "declare it with `new EnvVar(…)` and use that object, or write `$$` for a `$` that is not Compose's",
      });
    }
  }
}
