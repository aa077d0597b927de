import { isAlike, isGuess, isPlaceholder } from "../../env/secret";
import { isSecretName } from "../../env/secret-name";
import { fallbacksIn, secretsWithin } from "../fallbacks";
import { eachVariable, type Rule } from "../rule";

/**
 * A rule: no secret is a value that everybody can read in a repository. `known` are such values.
 *
 * @param publicSecrets secrets that everybody knows, beside placeholders and what everybody tries first
 */
export function noPublicSecret(publicSecrets: readonly string[]): Rule {
  const isKnown = (text: string) =>
    isPlaceholder(text) || isGuess(text) || publicSecrets.some((known) => isAlike(known, text));
  return {
    id: "no-public-secret",
    what: "is or falls back to a secret that is printed in public",
    why: "everybody who has read the documentation can sign in",
    fix: "remove the value from the file, and write `${NAME:?}`, which refuses to start without a value",
    severity: "error",
    check: eachVariable(({ name, value }) => {
      if (value === undefined || value === null || value === "") return false;
      const text = String(value);
      return (isSecretName(name) ? fallbacksIn(text) : secretsWithin(name, text)).some(isKnown);
    }),
  };
}
