import { join } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { readText } from "../../disk/read-file";
import { isSecretName } from "../../env/secret-name";

/** Shorter values stand in too many texts that say something else. */
const SHORTEST = 6;

/** {@link redactor} of a deployment's `.env`, where there is one. */
export async function redactorOf(dir: string): Promise<(text: string) => string> {
  return redactor((await readText(join(dir, ".env"))) ?? "");
}

/**
 * What takes the secrets of an `.env` out of texts that others wrote: logs of services, words of Docker. In place of each
 * stands its name.
 */
export function redactor(env: string): (text: string) => string {
  const secrets = [...parseDotenv(env).values]
    .filter(([name, value]) => isSecretName(name) && value.length >= SHORTEST)
    .sort(([, one], [, other]) => other.length - one.length);
  return (text) => secrets.reduce((left, [name, value]) => left.replaceAll(value, `<${name}>`), text);
}
