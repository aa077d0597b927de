import type { EnvContract } from "../../env/contract";
import type { Environment } from "../../env/file";
import { type EnvProblem, envProblem } from "../../env/problem";
import { EnvReading } from "../../env/reading";
import { readReleaseTag } from "../../images/release-tag";
import { LambRelease } from "../../lamb/release";
import { OperateError } from "../error";
import { readDeployment } from "./directory";

const VERSION = new LambRelease().versionVariable.name;

/**
 * An `.env` that asks for images of another release than its files are of: they have other places for data, and other
 * services. A correction of the same release, and a tag that names no release, are the operator's own choice.
 *
 * @param text of the `.env`
 * @param environment the one in which Compose will run
 */
export function otherReleaseProblems(
  contract: EnvContract,
  text: string,
  environment: Environment,
): readonly EnvProblem[] {
  const setting = new EnvReading(contract, text, environment).settings.get(VERSION);
  if (setting === undefined) return [];
  const { variable, value, line } = setting;
  const [asked, made] = [releaseOf(value), releaseOf(variable.default ?? "")];
  if (asked === undefined || made === undefined || asked === made) return [];
  const upgrade = LambRelease.versions.includes(asked) ? `, or go there: \`lamb-compose upgrade ${asked}\`` : "";
  const fix = `${line === undefined ? "unset it" : "remove the line"}${upgrade}`;
  const reason = `asks for images of LAMB ${asked}, and the files are those of LAMB ${made}`;
  return [envProblem("other-release", "warning", { name: setting.source, line }, reason, fix)];
}

/**
 * Refuses a deployment whose `.env` asks for images of another release: what would be tried is not what its files are for.
 *
 * @throws OperateError `other-release`
 */
export async function refuseOtherRelease(dir: string, environment: Environment): Promise<void> {
  const { contract, env } = await readDeployment(dir, environment);
  const [problem] = otherReleaseProblems(contract, env.text ?? "", environment);
  if (problem === undefined) return;
  const { name, line, reason } = problem;
  const fix =
    line === undefined ? "unset it in this shell" : "remove the line of .env: the files name their own release";
  throw new OperateError({ code: problem.code, path: name, reason, fix });
}

/** The release of a tag, with or without its `v`. */
function releaseOf(tag: string): string | undefined {
  const release = readReleaseTag(tag.replace(/^v?/, "v"));
  return release === undefined ? undefined : `${release.major}.${release.minor}`;
}
