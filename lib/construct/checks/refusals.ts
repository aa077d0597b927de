import type { ComposeError, ComposeErrorCode } from "../../compose/error";
import type { FieldChange } from "../../compose/inspect/diff";
import { parsePath } from "../../compose/inspect/explain";
import type { Reading } from "../../compose/inspect/readings";
import type { Project } from "../../compose/project";
import { keysOf } from "../../compose/tree/rules";
import type { Finding } from "../../report/finding";
import type { Scalar } from "../../spec";
import { formatPath } from "../../spec";
import { type Deployment, withoutFolder } from "../synth/deployment";
import { inDeployment } from "./check";

/** Mistakes that only the server can know of: files that the operator brings, or that Compose fetches there. */
const OF_THE_SERVER: ReadonlySet<ComposeErrorCode> = new Set(["file", "remote", "env-file"]);

const NOT_READ = {
  code: "file-not-read",
  reason: "names a file that is not here, so its content was not checked",
  fix: "put the file beside this one, or create it in the same program",
};

const FIX = "correct the value; `docker compose config` says the same of these files";

/**
 * What releases of Docker Compose would refuse in a deployment, unless another finding says it already. When nothing is
 * wrong with its files, also what releases read in different ways.
 *
 * @param found what other checks say of the files
 */
export function* refusals(deployment: Deployment, found: readonly Finding[]): Generator<Finding> {
  const files = new Set([deployment.name, ...deployment.files.map(({ file }) => file.fileName)]);
  const own = found.filter(({ severity, file }) => severity === "error" && file !== undefined && files.has(file));
  const project = deployment.projectOrRefusals();
  if (isRefused(project)) yield* refusedByOldest(deployment, project, own);
  const readings = own.length > 0 || isRefused(project) ? [] : deployment.readings(project);
  for (const [index, reading] of readings.entries()) {
    const { from, error, code, changes } = reading;
    if (error !== undefined && !isOfTheServer(code)) {
      const reason = `${releasesOf(reading)} would refuse these files: ${withoutFolder(error)}`;
      yield inDeployment(deployment, { code: "compose-refuses", path: [], reason, fix: FIX });
    }
    for (const change of changes) yield inDeployment(deployment, readOtherwise(change, readings[index - 1]?.to, from));
  }
}

function isRefused(project: Project | readonly ComposeError[]): project is readonly ComposeError[] {
  return Array.isArray(project);
}

function* refusedByOldest(
  deployment: Deployment,
  refused: readonly ComposeError[],
  found: readonly Finding[],
): Generator<Finding> {
  const said = new Places(ATTRIBUTE);
  // The schema says of a whole mapping what is wrong with a key of it.
  const saidBySchema = new Places(0);
  for (const { path = "", code } of found) {
    said.add(parsePath(path));
    if (code === "schema" || code === "needs-newer-compose") saidBySchema.add(parsePath(path));
  }
  for (const error of refused) {
    const { code, origin, advice } = error;
    // A file that lies nowhere has no folder to name the project after.
    if (code === "name" && found.some((finding) => finding.code === "invalid-file-name")) continue;
    if (code !== "env-file" && isOfTheServer(code) && origin?.at !== undefined) {
      const path = deployment.pathOf(keysOf(origin.at));
      yield inDeployment(deployment, { ...NOT_READ, severity: "warning", path, by: deployment.writerOf(origin) });
    }
    if (isOfTheServer(code) || (origin?.template !== undefined && deployment.isOpen(origin.template))) continue;
    const keys = error.path ?? keysOf(origin?.at);
    const path = deployment.pathOf(keys);
    // An attribute whose values the operator brings.
    if (keys.length >= ATTRIBUTE && deployment.isOpenAt(path)) continue;
    if (advice === undefined) {
      if (said.has(keys) || (code === "schema" && saidBySchema.has(keys))) continue;
      said.add(keys);
    }
    const owner = error.path === undefined && origin !== undefined ? deployment.writerOf(origin) : undefined;
    yield {
      ...textOf(error),
      severity: "error",
      construct: (owner ?? deployment.ownerOf(path)).node.path,
      file: deployment.name,
      ...(path.length === 0 ? {} : { path: formatPath(path) }),
    };
  }
}

function isOfTheServer(code: ComposeErrorCode | undefined): boolean {
  return code !== undefined && OF_THE_SERVER.has(code);
}

function releasesOf({ from, to }: Reading): string {
  return `Docker Compose ${from} to ${to}`;
}

function textOf({ code, message, advice }: ComposeError) {
  if (advice !== undefined) return advice;
  if (code !== "merge") {
    return { code: "compose-refuses", reason: `Compose would refuse these files: ${withoutFolder(message)}`, fix: FIX };
  }
  const fix = "write the value in the form that the file below has, or use override(…)";
  return { code: "cannot-merge", reason: `Compose would say: ${withoutFolder(message)}`, fix };
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

/** How many keys the path of an attribute has: the section, the service or resource, and the attribute. */
const ATTRIBUTE = 3;

/** Places that have a finding. One mistake can be reported above or below the place where it is. */
class Places {
  private readonly places = new Set<string>();
  private readonly above = new Set<string>();

  /** @param shortest a path of fewer keys is too general to count */
  constructor(private readonly shortest: number) {}

  add(keys: readonly string[]): void {
    this.places.add(keys.join("\0"));
    for (let length = 0; length <= keys.length; length++) this.above.add(keys.slice(0, length).join("\0"));
  }

  has(keys: readonly string[]): boolean {
    if (keys.length < this.shortest) return false;
    if (this.above.has(keys.join("\0"))) return true;
    return keys.some((_, index) => index >= this.shortest && this.places.has(keys.slice(0, index).join("\0")));
  }
}
