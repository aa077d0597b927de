import { references } from "../../compose";
import { eachService, environmentOf, type Rule } from "../rule";

/**
 * @param publicSecrets secrets that everybody knows
 */
export function noPublicSecret(publicSecrets: readonly string[]): Rule {
  const known = new Set(publicSecrets.filter((secret) => secret.length > 5).map((secret) => secret.toLowerCase()));
  const isKnown = (text: string) => known.has(text.trim().toLowerCase());
  return {
    id: "no-public-secret",
    what: "is or falls back to a secret that is printed in public",
    why: "whoever has read the documentation can sign in",
    fix: "take the value out of the file, and make the variable required",
    severity: "error",
    check: eachService(({ spec, at }) =>
      environmentOf(spec)
        .filter(({ value }) => {
          const text = String(value ?? "");
          return (
            isKnown(text) ||
            references(text).references.some(({ operand }) => operand !== undefined && isKnown(operand))
          );
        })
        .map(({ name }) => ({ path: at("environment", name) })),
    ),
  };
}
