import type { EnvContract } from "./contract";
import type { Environment } from "./file";
import { NAME_RULES } from "./name-rules";
import type { EnvProblem } from "./problem";
import { EnvReading } from "./reading";
import { typeMistakes, VALUE_RULES } from "./value-rules";

export { type EnvProblem, type EnvProblemCode, formatEnvProblem } from "./problem";

/** What the check of an `.env` takes beside its text. */
export interface CheckEnvOptions {
  /**
   * The environment in which Compose will run. Its values win over the file's, as they do for Compose.
   * @default - an empty one
   */
  readonly environment?: Environment | undefined;
  /**
   * The Compose files that will run, as with `docker compose -f`.
   * @default - those that `COMPOSE_FILE` names; without it all files of the deployment
   */
  readonly files?: readonly string[] | undefined;
}

/**
 * Checks an operator's `.env` against what a deployment takes from it. What is checked is the value that Compose would
 * see. All problems are returned at once, in the order of the lines; those that no line is to blame for come first.
 * No problem shows a value of the file.
 *
 * @returns no problem when the deployment can start as the file has it
 */
export async function checkEnv(
  contract: EnvContract,
  text: string,
  options: CheckEnvOptions = {},
): Promise<readonly EnvProblem[]> {
  const reading = new EnvReading(contract, text, options.environment, options.files);
  const problems = [...NAME_RULES, ...VALUE_RULES].flatMap((rule) => [...rule(reading)]);
  problems.push(...(await typeMistakes(reading)));
  return problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
