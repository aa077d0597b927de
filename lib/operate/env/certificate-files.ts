import { dirname, join, relative } from "node:path";
import type { Project } from "../../compose/project";
import type { EnvVar } from "../../construct/env-var";
import type { Environment } from "../../env/file";
import { type EnvProblem, envProblem } from "../../env/problem";
import { EnvReading } from "../../env/reading";
import { OWN_CERTIFICATE, TLS_FILES, TLS_MOUNT } from "../../lamb/own-certificate";
import { LAMB_PUBLIC_HOST, OWI_PUBLIC_HOST, TLS_FOLDER } from "../../lamb/variables";
import type { ComposeMap } from "../../spec";
import { listOf, mapOf } from "../../spec/value";
import { certificateMistakes } from "./certificate";
import { type Found, findInFolder, type Reader } from "./mounted-file";
import { type ReadFiles, resolvedProject } from "./project";

/**
 * What is wrong with the files of certificates that an `.env` names: the files themselves, whether the container that
 * needs them finds and can read them in the folder that it sees, and what is in them. Nothing for a deployment without
 * them, and where nobody named the folder.
 *
 * @param environment the one in which Compose will run
 */
export async function certificateProblemsIn(
  deployment: ReadFiles,
  environment: Environment,
  project: Project | undefined = resolvedProject(deployment, environment),
): Promise<readonly EnvProblem[]> {
  if (project === undefined) return [];
  const reading = new EnvReading(deployment.contract, deployment.env.text ?? "", environment);
  const seen = seenFolder(project.model);
  if (seen === undefined || !reading.settings.has(TLS_FOLDER.name)) return [];
  const problems: EnvProblem[] = [];
  const bytes = new Map<EnvVar, Uint8Array>();
  for (const variable of TLS_FILES) {
    const name = seen.names.get(variable.name);
    if (name === undefined) continue;
    const found = await findInFolder(seen.folder, name, seen.reader);
    if ("bytes" in found) bytes.set(variable, found.bytes);
    else problems.push(problemOf(found, variable, reading, { ...seen, name }));
  }
  const certificate = bytes.get(OWN_CERTIFICATE.certificate);
  const key = bytes.get(OWN_CERTIFICATE.key);
  if (certificate === undefined || key === undefined) return problems;
  const names = [LAMB_PUBLIC_HOST, OWI_PUBLIC_HOST].flatMap(({ name }) => reading.settings.get(name)?.value ?? []);
  const mistakes = certificateMistakes(certificate, key, names, new Date());
  return [
    ...problems,
    ...mistakes.map(({ file, code, severity, reason, fix }) =>
      envProblem(code, severity, at(OWN_CERTIFICATE[file], reading), `names a file that ${reason}`, fix),
    ),
  ];
}

/** What a container has of the operator's folder. */
interface Seen {
  /** Path on the host. */
  readonly folder: string;
  readonly reader: Reader;
  /** Variable → the file that it names for the container. */
  readonly names: ReadonlyMap<string, string>;
}

function seenFolder({ services }: ComposeMap): Seen | undefined {
  for (const [service, spec] of Object.entries(mapOf(services))) {
    const settings = mapOf(spec);
    const mounts = listOf(settings.volumes).map(mapOf);
    const { source } = mounts.find(({ type, target }) => type === "bind" && target === TLS_MOUNT) ?? {};
    if (typeof source !== "string") continue;
    const names = Object.entries(mapOf(settings.environment)).flatMap(([name, value]) =>
      typeof value === "string" && TLS_FILES.some((one) => one.name === name) ? [[name, value] as const] : [],
    );
    return { folder: source, reader: { service, settings }, names: new Map(names) };
  }
  return undefined;
}

/** Says of a file what is wrong, and which values are right where another folder would do. */
function problemOf(
  found: Exclude<Found, { bytes: Uint8Array }>,
  variable: EnvVar,
  reading: EnvReading,
  { folder, name }: { readonly folder: string; readonly name: string },
): EnvProblem {
  const place = at(variable, reading);
  if (!("outside" in found)) {
    const { code, severity, reason, fix } = found;
    return envProblem(code, severity, place, `names ${join(folder, name)}, which ${reason}`, fix);
  }
  const { root, link, outside, isAbsolute } = found;
  const reason = `names ${join(folder, name)}, which leads by ${link} to ${outside}: the container sees nothing but TLS_FOLDER`;
  const common = commonFolder(root, dirname(outside));
  const copy = "have the files themselves put into TLS_FOLDER each time they are renewed";
  const values = `${TLS_FOLDER.name}=${common} and ${variable.name}=${relative(common, join(root, name))}`;
  const fix = isAbsolute
    ? `make the link a relative one, or ${copy}`
    : common === "/"
      ? copy
      : `set ${values}, or ${copy}`;
  return envProblem("file-outside", "error", place, reason, fix);
}

function commonFolder(one: string, other: string): string {
  const [parts, others] = [one.split("/"), other.split("/")];
  const differs = parts.findIndex((part, position) => part !== others[position]);
  return parts.slice(0, differs === -1 ? parts.length : differs).join("/") || "/";
}

/** Where it is said: the file's own line, or, where its name is the default, that of the folder. */
function at(variable: EnvVar, { settings }: EnvReading) {
  const setting = settings.get(variable.name) ?? settings.get(TLS_FOLDER.name);
  return { name: setting?.source ?? variable.name, line: setting?.line };
}
