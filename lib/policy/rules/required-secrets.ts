import { references } from "../../compose";
import type { Deployment } from "../../construct/deployment";
import { eachService, environmentOf, type Rule } from "../rule";

/** Names by which services know their secrets. */
const SECRET = /(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEYS?|ACCESS_KEY|PRIVATE_KEY)(_FILE)?$/;

/** What an optional secret falls back to is nothing, or another secret. */
function isEmptyOrVariable(operand: string): boolean {
  return /^(\$\{[^{}]*(\{[^{}]*\}[^{}]*)*\})?$/.test(operand);
}

function isOptional(deployment: Deployment, name: string): boolean {
  return deployment.variable(name)?.required === false;
}

export const requiredSecrets: Rule = {
  id: "required-secrets",
  what: "has a secret that is written in the file, has a default, or may be left empty",
  why: "a deployment that starts without its secret starts with one that everybody knows",
  fix: "use `new EnvVar(…, { required: true, secret: true })`, which refuses to start without a value",
  severity: "error",
  check: eachService(({ spec, at }, deployment) =>
    environmentOf(spec)
      .filter(({ name, value }) => SECRET.test(name) && value !== undefined && value !== null && value !== "")
      .filter(({ value }) => {
        const text = String(value);
        const top = references(text).references.filter(({ depth }) => depth === 0);
        if (top.length === 0) return true;
        return top.some(({ name, operator, operand = "" }) => {
          if (operator === ":?") return false;
          if (operator === ":-" || operator === "-")
            return !(isOptional(deployment, name) && isEmptyOrVariable(operand));
          return !isOptional(deployment, name);
        });
      })
      .map(({ name }) => ({ path: at("environment", name) })),
  ),
};
