import { references } from "../../compose/template/interpolate";
import { isSecretName } from "../../env/secret-name";
import { eachService, type Rule } from "../rule";
import { environmentOf } from "../service-view";

export const requiredNotEmpty: Rule = {
  id: "required-not-empty",
  what: "demands a variable with `?`, which an empty value satisfies",
  why: "`NAME=` in the .env passes Compose, and the service fails far from the cause",
  fix: "write `${NAME:?…}`, with the colon",
  severity: "warning",
  check: eachService((service) =>
    environmentOf(service)
      .filter(({ name, value }) => !isSecretName(name) && typeof value === "string" && value.includes("?"))
      .filter(({ value }) => references(String(value)).references.some(({ operator }) => operator === "?"))
      .map(({ path }) => ({ path: service.at(...path) })),
  ),
};
