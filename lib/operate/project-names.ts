import { basename, dirname, resolve } from "node:path";
import { linesIn } from "./engine/answer";
import { Docker } from "./engine/docker";
import { LABEL } from "./engine/model";

/** What Docker has under the name of a project. */
export interface ExistingProject {
  /** Absolute paths of the Compose files that its containers were made from. Empty when only volumes are left. */
  readonly files: ReadonlySet<string>;
  readonly volumes: readonly string[];
}

/** Project name → what there is. */
export type ExistingProjects = ReadonlyMap<string, ExistingProject>;

/** How long `init` waits for an engine that does not answer. */
const PATIENCE_SECONDS = 3;

/**
 * The projects of the engine that the `docker` command talks to.
 *
 * @returns `undefined` when no engine answers in time: that is no error
 */
export async function existingProjects(): Promise<ExistingProjects | undefined> {
  try {
    const [containers, volumes] = await Promise.all([
      rowsOf(["ps", "--all"], `{{.Label "${LABEL.files}"}}`),
      rowsOf(["volume", "ls"], "{{.Name}}"),
    ]);
    const found = new Map<string, { files: Set<string>; volumes: string[] }>();
    const of = (name: string) => {
      const project = found.get(name) ?? { files: new Set<string>(), volumes: [] };
      found.set(name, project);
      return project;
    };
    for (const [name, files] of containers) for (const file of files.split(",")) of(name).files.add(file);
    for (const [name, volume] of volumes) of(name).volumes.push(volume);
    return found;
  } catch {
    return undefined;
  }
}

/** The name of a new deployment. */
export interface ChosenName {
  readonly name: string;
  /** What the operator must know of names that were passed over. Sentences. */
  readonly notes: readonly string[];
}

/**
 * A name for a new deployment: from its folder, so that two deployments in two folders are two projects; and one that
 * no other project on the host has, when that is known.
 *
 * @param base the name that the files give
 * @param files the files of the deployment, as they are named in its folder
 */
export function freeProjectName(
  base: string,
  dir: string,
  files: readonly string[],
  existing: ExistingProjects | undefined,
): ChosenName {
  const first = nameFor(base, dir);
  const own = new Set(files.map((file) => resolve(dir, file)));
  const notes: string[] = [];
  for (let number = 1; ; number++) {
    const name = number === 1 ? first : `${first}-${number}`;
    const there = existing?.get(name);
    if (there === undefined || [...there.files].some((file) => own.has(file))) return { name, notes };
    notes.push(noteOn(name, there));
  }
}

function noteOn(name: string, { files, volumes }: ExistingProject): string {
  const [file] = files;
  const kept = volumes.length === 0 ? "" : ` To go on with the data in ${volumes.slice(0, 3).join(", ")}`;
  const goOn =
    kept === "" ? "" : `${kept}${volumes.length > 3 ? ", …" : ""}, set COMPOSE_PROJECT_NAME=${name} in .env.`;
  if (file !== undefined) return `the project ${name} on this host belongs to ${dirname(file)}.${goOn}`;
  return `this host has volumes of a project ${name} that does not run.${goOn}`;
}

function nameFor(base: string, dir: string): string {
  const folder = basename(resolve(dir))
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[_-]+|[_-]+$/g, "");
  if (folder === "" || folder === base) return base;
  return folder.startsWith(base) ? folder : `${base}-${folder}`;
}

/** What a list of Docker's has of each project: its name, and something else. */
async function rowsOf(list: readonly string[], what: string): Promise<readonly (readonly [string, string])[]> {
  const words = [...list, "--filter", `label=${LABEL.project}`, "--format", `{{.Label "${LABEL.project}"}}\t${what}`];
  const text = await new Docker(process.env).must(words, { timeout: PATIENCE_SECONDS });
  return linesIn(text).flatMap((line): (readonly [string, string])[] => {
    const [name = "", rest = ""] = line.split("\t");
    return name === "" ? [] : [[name, rest]];
  });
}
