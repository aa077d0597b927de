import type { Explanation } from "../../compose/inspect/explain";
import { type Project, resolve } from "../../compose/project";
import { ConstructError } from "../errors";
import { type Deployment, FOLDER, localPath } from "./deployment";
import type { Synthesis } from "./synthesis";

/** What a resolution takes from its surroundings: variables, profiles, files. */
export interface ResolutionOptions {
  /**
   * Paths of the Compose files, in the order in which Compose merges them.
   * @default - all files of the program: the first one that stands alone, and its overlays
   */
  readonly files?: readonly string[] | undefined;
  /**
   * Values of variables.
   * @default - each variable's default; of a required one its example, or its name
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /**
   * Profiles that are active.
   * @default - none
   */
  readonly profiles?: readonly string[] | undefined;
}

/** Why a value is what it is, and which construct wrote it. */
export interface TracedExplanation extends Explanation {
  /** Path of the construct. Absent for what Compose made. */
  readonly construct?: string;
}

/** What stands for the value of a secret. */
const SECRET = "(secret)";

/** The project that the oldest Docker Compose of a program's range makes of a deployment's files. */
export function resolveDeployment(
  deployment: Deployment,
  { files, compose }: Synthesis,
  { environment = {}, profiles = [] }: ResolutionOptions,
): Project {
  const inputs = deployment.files.map(({ file }) => ({
    path: FOLDER + file.fileName,
    text: files.get(file.fileName) ?? "",
  }));
  return resolve(inputs, {
    workingDirectory: FOLDER,
    environment: { ...deployment.sampleEnvironment(), ...environment },
    envFiles: [],
    profiles,
    compose: compose.from,
    read: (path) => files.get(localPath(path)),
  });
}

/**
 * The deployment of some files.
 *
 * @throws ConstructError `no-such-deployment`
 */
export function deploymentOf(deployments: readonly Deployment[], files: readonly string[] | undefined): Deployment {
  const largest = deployments.toSorted((one, other) => other.files.length - one.files.length)[0];
  const wanted = files?.join(" ");
  const found =
    wanted === undefined
      ? largest
      : deployments.find((deployment) => deployment.files.map(({ file }) => file.fileName).join(" ") === wanted);
  if (found !== undefined) return found;
  throw new ConstructError({
    code: "no-such-deployment",
    value: JSON.stringify(files),
    reason: "are not files that the program puts together",
    fix: `use one of: ${deployments.map(({ name }) => name).join("; ")}`,
  });
}

/** Explains every value at or below a path of a resolved deployment. A secret's value is not shown. */
export function explainDeployment(
  deployment: Deployment,
  project: Project,
  path: string,
): readonly TracedExplanation[] {
  const byName = new Map(deployment.files.map((rendered) => [FOLDER + rendered.file.fileName, rendered]));
  return project.explain(path).map((explanation) => {
    const secret = explanation.variables.some(({ name }) => deployment.variable(name)?.secret === true);
    const shown = secret ? { ...explanation, value: SECRET } : explanation;
    const { place } = shown;
    if (place === undefined) return shown;
    const rendered = byName.get(place.file);
    return {
      ...shown,
      place: { ...place, file: localPath(place.file) },
      replaced: explanation.replaced.map((replaced) => ({ ...replaced, file: localPath(replaced.file) })),
      ...(rendered === undefined ? {} : { construct: rendered.ownerOf(explanation.keys ?? []).node.path }),
    };
  });
}
