import { EnvVar } from "../../construct/env-var";
import { isSecretName } from "../../env/secret-name";
import { isValueKind, VALUE_KINDS, type ValueKind } from "../../env/value-kinds";
import type { CheckedVariable, ContainerContract } from "../../images/python/contract";
import { PUBLIC_SECRETS } from "../facts/public-secrets";
import type { BuiltServiceFacts } from "../facts/service";
import { keptFolders } from "../rules";
import { count, fernet, flag, url } from "../variables/kinds";

/** What the type of a variable means to the check in a container. Of the others it only knows the name. */
const KINDS: ReadonlyMap<EnvVar["type"], ValueKind> = new Map([
  [url, "address"],
  [count, "count"],
  [fernet, "fernet"],
  [flag, "flag"],
]);

/** What a container is checked for at its start: what the rules of the deployment say of its service, and more. */
export function contractOf(facts: BuiltServiceFacts): ContainerContract {
  const { program, needs = [], fixed = [], environment, checks } = facts;
  const { kinds, secrets = [], folders = [], ...rest } = checks;
  const variables = new Map<string, CheckedVariable>();
  const add = (variable: CheckedVariable) => {
    const [name = ""] = variable.names;
    variables.set(name, { ...variables.get(name), ...variable });
  };
  for (const { names, without } of needs) {
    if (!names.some((name) => rest.emptyWhenMissing?.includes(name))) add({ names, without });
  }
  for (const { name, value, because } of fixed) add({ names: [name], only: { value, because } });
  for (const name of secrets) add({ names: [name] });
  for (const kind of Object.keys(VALUE_KINDS).filter(isValueKind)) {
    const said = Object.entries(environment).filter(
      ([, value]) => EnvVar.isEnvVar(value) && KINDS.get(value.type) === kind,
    );
    for (const name of [...(kinds[kind] ?? []), ...said.map(([each]) => each)].sort()) {
      add({ names: variables.get(name)?.names ?? [name], kind });
    }
  }
  return {
    program,
    ...rest,
    variables: [...variables.values()].map((variable) =>
      variable.names.some(isSecretName) ? { ...variable, secret: true } : variable,
    ),
    folders: [...keptFolders(facts), ...folders],
    refused: PUBLIC_SECRETS,
  };
}
