import type { FieldChange } from "../../compose/inspect/diff";
import { type Explanation, parsePath } from "../../compose/inspect/explain";
import { readings } from "../../compose/inspect/readings";
import type { FileInput } from "../../compose/loader/files";
import { type Project, resolve } from "../../compose/project";
import type { ResolveOptions } from "../../compose/resolve";
import type { Finding } from "../../report/finding";
import type { Scalar } from "../../spec";
import { inDeployment } from "../checks/check";
import { ConstructError } from "../errors";
import type { Deployment } from "./deployment";
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

/** Where the synthesized files lie while they are resolved: they are not on a disk. */
const FOLDER = "/deployment/";

/** What stands for the value of a secret. */
const SECRET = "(secret)";

/** Mistakes that only the server can know of: files that the operator brings, or that Compose fetches there. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(["file", "remote", "env-file"]);

/** The files of a deployment, and with what they are resolved. */
function inputsOf(
  deployment: Deployment,
  texts: ReadonlyMap<string, string>,
  { environment = {}, profiles = [] }: ResolutionOptions,
): readonly [FileInput[], ResolveOptions] {
  const inputs = deployment.files.map(({ file }) => ({
    path: FOLDER + file.fileName,
    text: texts.get(file.fileName) ?? "",
  }));
  const options = {
    workingDirectory: FOLDER,
    environment: { ...deployment.sampleEnvironment(), ...environment },
    envFiles: [],
    profiles,
    read: (path: string) => (path.startsWith(FOLDER) ? texts.get(path.slice(FOLDER.length)) : undefined),
  };
  return [inputs, options];
}

/** The project that the oldest Docker Compose of a program's range makes of a deployment's files. */
export function resolveDeployment(
  deployment: Deployment,
  { files, compose }: Synthesis,
  how: ResolutionOptions,
): Project {
  const [inputs, options] = inputsOf(deployment, files, how);
  return resolve(inputs, { ...options, compose: compose.from });
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
    const local = (file: string) => (file.startsWith(FOLDER) ? file.slice(FOLDER.length) : file);
    return {
      ...shown,
      place: { ...place, file: local(place.file) },
      replaced: explanation.replaced.map((replaced) => ({ ...replaced, file: local(replaced.file) })),
      ...(rendered === undefined ? {} : { construct: rendered.ownerOf(parsePath(explanation.path)).node.path }),
    };
  });
}

/** What releases of Docker Compose would refuse of each deployment, and what they read in different ways. */
export function* refusals({ deployments, files, compose }: Synthesis): Generator<Finding> {
  for (const deployment of deployments) {
    const [inputs, options] = inputsOf(deployment, files, { profiles: ["*"] });
    const found = readings(inputs, options, compose);
    for (const reading of found) {
      const { error: message, code } = reading;
      if (message === undefined || (code !== undefined && OF_THE_SERVER.has(code))) continue;
      const who = found.length === 1 ? "Compose" : `Docker Compose ${reading.from} to ${reading.to}`;
      const reason = `${who} would refuse these files: ${message.replaceAll(FOLDER, "")}`;
      const fix = "correct the value; `docker compose config` says the same of these files";
      yield inDeployment(deployment, { code: "compose-refuses", path: [], reason, fix });
    }
    for (const [index, { from, changes }] of found.entries()) {
      for (const change of changes) yield inDeployment(deployment, readOtherwise(change, found[index - 1]?.to, from));
    }
  }
}

function readOtherwise({ keys, before, after, hidden }: FieldChange, last: string | undefined, from: string) {
  const shown = (value: Scalar | undefined) => (value === undefined ? "not there" : JSON.stringify(value));
  const values = hidden ? "one value" : shown(before);
  return {
    code: "read-otherwise",
    severity: "warning" as const,
    path: keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
    reason: `is ${values} up to Docker Compose ${last}, and ${hidden ? "another" : shown(after)} from ${from} on`,
    fix: `write it out, so that every release reads the same; or leave the older ones: new App({ compose: ">=${from}" })`,
  };
}
