import type { Stats } from "node:fs";
import type { Project } from "../../compose/project";
import { isList, isMap } from "../../construct/copy";
import { FileError } from "../../disk/error";
import { readContent } from "../../disk/read-file";
import type { Environment } from "../../env/file";
import { type EnvProblem, envProblem } from "../../env/problem";
import { EnvReading, type Setting } from "../../env/reading";
import { OWN_CERTIFICATE } from "../../lamb/own-certificate";
import { LAMB_PUBLIC_HOST, OWI_PUBLIC_HOST } from "../../lamb/variables";
import type { ComposeMap } from "../../spec";
import { certificateMistakes } from "./certificate";
import { type ReadFiles, resolvedProject } from "./project";

/** More than any chain of certificates has. */
const LARGEST = 1 << 20;

/**
 * What is wrong with the certificate and the key that an `.env` names: the files themselves, whether the container that
 * needs them can read them, and what is in them. Nothing for a deployment without them, and where nobody named them.
 *
 * @param environment the one in which Compose will run
 */
export async function certificateProblemsIn(
  deployment: ReadFiles,
  environment: Environment,
  project: Project | undefined = resolvedProject(deployment, environment),
  now: Date = new Date(),
): Promise<readonly EnvProblem[]> {
  if (project === undefined) return [];
  const reading = new EnvReading(deployment.contract, deployment.env.text ?? "", environment);
  const certificate = await open(OWN_CERTIFICATE.certificate, reading, project);
  const key = await open(OWN_CERTIFICATE.key, reading, project);
  const problems = [...(certificate?.problems ?? []), ...(key?.problems ?? [])];
  if (certificate?.bytes === undefined || key?.bytes === undefined) return problems;
  const names = [LAMB_PUBLIC_HOST, OWI_PUBLIC_HOST].flatMap(({ name }) => reading.settings.get(name)?.value ?? []);
  const at = { certificate: certificate.setting, key: key.setting };
  const mistakes = certificateMistakes(certificate.bytes, key.bytes, names, now);
  return [
    ...problems,
    ...mistakes.map(({ file, code, severity, reason, fix }) =>
      problemAt(at[file], code, severity, `names a file that ${reason}`, fix),
    ),
  ];
}

interface Opened {
  readonly setting: Setting;
  readonly problems: readonly EnvProblem[];
  readonly bytes?: Uint8Array;
}

/** `undefined` when the deployment does not have it, or nobody named it. */
async function open(
  { secret, variable }: (typeof OWN_CERTIFICATE)[keyof typeof OWN_CERTIFICATE],
  reading: EnvReading,
  { model }: Project,
): Promise<Opened | undefined> {
  const setting = reading.settings.get(variable.name);
  const found = isMap(model.secrets) ? model.secrets[secret] : undefined;
  const path = isMap(found) ? found.file : undefined;
  if (setting === undefined || typeof path !== "string") return undefined;
  try {
    const content = await readContent(path, { limit: LARGEST });
    if (content === undefined) {
      const fix = "put the file there, or correct the name: it counts from the folder of the Compose files";
      return {
        setting,
        problems: [problemAt(setting, "file-missing", "error", `names ${path}, which is not there`, fix)],
      };
    }
    const problems = readersOf(secret, model).flatMap(([name, service]) => {
      const reason = whyUnreadable(name, service, content.stats);
      return reason === undefined ? [] : [problemAt(setting, "file-unreadable", "error", ...reason(path))];
    });
    return { setting, problems, bytes: content.bytes };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const isOurs = error.code === "cannot-read";
    const reason = `names ${path}, which ${error.reason}${isOurs ? "; it was not checked" : ""}`;
    const fix = isOurs ? "run this as a user who can read it, such as root" : error.fix;
    return { setting, problems: [problemAt(setting, "file-unreadable", isOurs ? "warning" : "error", reason, fix)] };
  }
}

/** The services that a secret is for. */
function readersOf(secret: string, { services }: ComposeMap): readonly (readonly [name: string, ComposeMap])[] {
  return Object.entries(isMap(services) ? services : {}).flatMap(([name, service]) => {
    const secrets = isMap(service) && isList(service.secrets) ? service.secrets : [];
    return isMap(service) && secrets.some((one) => isMap(one) && one.source === secret)
      ? [[name, service] as const]
      : [];
  });
}

/** Root's right to read what its mode does not let it read. */
const OVERRIDE: readonly string[] = ["ALL", "DAC_OVERRIDE"];

/** Whether a container can read a file of the host, as Linux decides it; without `user:` it is root. */
function whyUnreadable(name: string, service: ComposeMap, { mode, uid, gid }: Stats) {
  const [user = "", group] = String(service.user ?? "").split(":");
  const asUser = user === "" || user === "root" ? 0 : Number(user);
  const asGroup = group === undefined ? (asUser === 0 ? 0 : undefined) : Number(group);
  if (process.platform !== "linux" || !Number.isInteger(asUser)) return undefined;
  const has = (list: unknown) =>
    isList(list) && list.some((one) => OVERRIDE.includes(String(one).toUpperCase().replace(/^CAP_/, "")));
  const isDropped = has(service.cap_drop) && !has(service.cap_add) && service.privileged !== true;
  if (asUser === 0 && !isDropped) return undefined;
  const needed = uid === asUser ? 0o400 : gid === asGroup ? 0o040 : 0o004;
  if ((mode & needed) !== 0) return undefined;
  const who = asUser === 0 ? "root without the right to read the files of others" : `user ${asUser}`;
  const rights = `it belongs to user ${uid} and has mode ${(mode & 0o777).toString(8)}`;
  return (path: string) =>
    [
      `names ${path}, which ${name} cannot read: it runs as ${who}; the file's rights: ${rights}`,
      `chown ${asUser} ${path} && chmod 600 ${path}`,
    ] as const;
}

function problemAt(
  { source, line }: Setting,
  code: EnvProblem["code"],
  severity: EnvProblem["severity"],
  reason: string,
  fix: string,
): EnvProblem {
  return envProblem(code, severity, { name: source, line }, reason, fix);
}
