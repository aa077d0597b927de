import { ComposeError } from "../error";
import { unsetWarning } from "../template/interpolate";
import type { Origin } from "../tree/node";
import { type Dotenv, type DotenvOptions, parseDotenv } from "./dotenv";

/**
 * Reads a file of variables for a project: warns of those that are not set, and stops at the first mistake.
 *
 * @param from where the project names the file. Default: the place of the mistake in the file itself
 * @throws ComposeError
 */
export function readDotenv(
  path: string,
  content: string,
  { warn, from, ...options }: DotenvOptions & { readonly warn: (message: string) => void; readonly from?: Origin },
): Dotenv {
  const read = parseDotenv(content, options);
  for (const { name } of read.unset) warn(unsetWarning(name));
  const [problem] = read.problems;
  if (problem === undefined) return read;
  const origin = from ?? { file: path, line: problem.line, column: 1 };
  throw new ComposeError("env-file", `failed to read ${path}: ${problem.message}`, origin);
}
