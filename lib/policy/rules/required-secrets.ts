import { type Reference, references } from "../../compose/template/interpolate";
import type { Deployment } from "../../construct/synth/deployment";
import { isSecretName } from "../../env/secret-name";
import type { ComposeValue } from "../../spec";
import { secretsWithin } from "../fallbacks";
import { eachVariable, type Rule } from "../rule";

/** Where a secret lies, which is none. */
const PATH_OF_SECRET = /^\/run\/secrets\/|^\/\S+\.(pem|key|crt|cer|p12|pfx|jks)$/i;
/** A switch whose name sounds like a secret's. */
const SWITCH = /^(true|false|yes|no|on|off)$/i;
/** What an optional secret may fall back to: nothing, or another variable. */
const EMPTY_OR_VARIABLE = /^(\$\{.*\}|\$\w+)?$/s;

/**
 * A rule: a secret has no default. `optional` says which may be empty.
 *
 * @param isOptional whether a service works without a secret of this name, so that it may be empty
 */
export function requiredSecrets(isOptional: (name: string) => boolean = () => false): Rule {
  return {
    id: "required-secrets",
    what: "has a secret that is written in the file, has a default, or may be left empty",
    why: "without a value of its own, the deployment runs with a secret that everybody knows, or with none",
    fix: "write `${NAME:?}`, which refuses to start without a value; in a program `new EnvVar(…, { required: true, secret: true })`",
    severity: "error",
    check: eachVariable(({ name, value }, deployment) =>
      isSecretName(name)
        ? isOpen(name, value, deployment, isOptional)
        : typeof value === "string" && secretsWithin(name, value).length > 0,
    ),
  };
}

function isOpen(
  name: string,
  value: ComposeValue | undefined,
  deployment: Deployment,
  isOptional: (name: string) => boolean,
): boolean {
  const mayBeEmpty = (variable: string) => isOptional(name) || deployment.variable(variable)?.required === false;
  if (value === undefined || value === null) return !mayBeEmpty(name);
  const top = references(String(value)).references.filter(({ depth }) => depth === 0);
  if (top.length === 0) return value === "" ? !isOptional(name) : !isNoSecret(String(value));
  return top.some((reference) => {
    const isDemanded = reference.operator === undefined && deployment.demands(reference.name);
    return !isDemanded && !isClosed(reference, mayBeEmpty(reference.name));
  });
}

function isClosed({ operator, operand = "" }: Reference, mayBeEmpty: boolean): boolean {
  if (operator === ":?") return true;
  const isDefault = operator === ":-" || operator === "-";
  if (isDefault && isNoSecret(operand)) return true;
  if (!mayBeEmpty) return false;
  return isDefault ? EMPTY_OR_VARIABLE.test(operand) : true;
}

/** Whether a text says where a secret is, or turns something on or off, whatever the name of its variable sounds like. */
function isNoSecret(text: string): boolean {
  return PATH_OF_SECRET.test(text) || SWITCH.test(text);
}
