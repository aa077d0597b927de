import { references } from "../compose/template/interpolate";
import { isSecretName } from "../env/secret-name";

/** The plain values that a text may fall back to: itself when it mentions no variable, else every default in it. */
export function fallbacksIn(text: string): readonly string[] {
  const found = references(text).references;
  if (found.length === 0) return [text];
  return found.flatMap(({ operator, operand }) =>
    (operator === ":-" || operator === "-") && operand && !operand.includes("$") ? [operand] : [],
  );
}

/** A name and a password in an address, the password as text. */
const IN_ADDRESS = /:\/\/[^/\s:@${}]*:([^/\s@${}]+)@/g;
/** The same for services that take both in one variable, as Neo4j does. */
const PAIR = /^[^\s/:@${}]+[/:](?!\/)([^\s${}]+)$/;

/**
 * The secrets that stand as text in the value of a variable which is not named like one: passwords behind a name, and
 * defaults of variables that are named like a secret.
 */
export function secretsWithin(name: string, text: string): readonly string[] {
  const inAddress = [...text.matchAll(IN_ADDRESS)].flatMap(([, password = ""]) => password);
  const [, pair] = (/_AUTH$/i.test(name) && PAIR.exec(text)) || [];
  const defaults = references(text).references.flatMap((reference) =>
    isSecretName(reference.name) ? fallbacksIn(reference.raw).filter((value) => value !== "") : [],
  );
  return [...inAddress, ...(pair === undefined ? [] : [pair]), ...defaults];
}
