import { isPlaceholder } from "../../env/secret";
import { isSecretName } from "../../env/secret-name";
import type { ComposeMap } from "../../spec";
import { fallbacksIn } from "../fallbacks";
import { eachVariable, type Rule } from "../rule";

export const noPlaceholder: Rule = {
  id: "no-placeholder",
  what: "falls back to a placeholder",
  why: "a deployment whose operator forgot the value starts, and works for nobody",
  fix: "write `${NAME:?}`, which refuses to start without a value, and show the placeholder as an example elsewhere",
  severity: "error",
  check: eachVariable(({ name, value }, { services }) => {
    if (isSecretName(name) || typeof value !== "string" || value === "") return false;
    return fallbacksIn(value).some((text) => isPlaceholder(text) && !namesService(text, services));
  }),
};

/** Whether the host of an address is a service that is called so. */
function namesService(text: string, services: ComposeMap): boolean {
  return text.split(/[:/@,]/).some((part) => Object.hasOwn(services, part));
}
