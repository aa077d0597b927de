import { isPlaceholder } from "../../env/secret";
import { isSecretName } from "../../env/secret-name";
import { fallbacksIn } from "../expand";
import { eachService, type Rule } from "../rule";
import { environmentOf } from "../service-view";

export const noPlaceholder: Rule = {
  id: "no-placeholder",
  what: "falls back to a placeholder",
  why: "a deployment whose operator forgot the value starts, and works for nobody",
  fix: "make the variable required, with the placeholder as its example",
  severity: "error",
  check: eachService((service) =>
    environmentOf(service)
      .filter(({ name, value }) => !isSecretName(name) && typeof value === "string" && value !== "")
      .filter(({ value }) => fallbacksIn(String(value)).some(isPlaceholder))
      .map(({ path }) => ({ path: service.at(...path) })),
  ),
};
