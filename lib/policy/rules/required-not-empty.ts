import { references } from "../../compose/template/interpolate";
import { isSecretName } from "../../env/secret-name";
import { eachVariable, type Rule } from "../rule";

export const requiredNotEmpty: Rule = {
  id: "required-not-empty",
  what: "demands a variable with `?`, which an empty value satisfies",
  why: "`NAME=` in the .env passes Compose, and the service fails far from the cause",
  fix: "write `${NAME:?…}`, with the colon",
  severity: "warning",
  check: eachVariable(({ name, value }) => {
    if (isSecretName(name) || typeof value !== "string" || !value.includes("?")) return false;
    return references(value).references.some(({ operator }) => operator === "?");
  }),
};
