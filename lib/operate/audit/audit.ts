import { isRemote } from "../../compose/loader/remote";
import { parseRange, STANDARD_RANGE } from "../../compose/range";
import { NEWEST } from "../../compose/version";
import { App } from "../../construct/app";
import { ComposeFile } from "../../construct/compose-file";
import { ConstructError } from "../../construct/errors";
import { imageName } from "../../construct/image/name";
import { Overlay } from "../../construct/overlay";
import { type Deployment, withoutFolder } from "../../construct/synth/deployment";
import type { RenderedFile } from "../../construct/synth/rendered-file";
import { deploymentOf } from "../../construct/synth/resolution";
import { synthesize } from "../../construct/synth/synthesize";
import { FileError } from "../../disk/error";
import { readText } from "../../disk/read-file";
import { EXCEPTIONS, LAMB_RULES } from "../../lamb/rules";
import { Policy } from "../../policy/policy";
import type { Finding } from "../../report/finding";
import { mapOf } from "../../spec/value";
import { readComposeText } from "../compose-text";
import { caddyfileFindings } from "./caddyfile";
import { baseName, envFindings, isTemplate } from "./env";
import { settingsOf } from "./settings";
import { templateFindings } from "./template";

/** A file to look at. */
export interface AuditedFile {
  /** Its path; the name tells what it is. */
  readonly path: string;
  readonly text: string;
}

type Kind = "compose" | "env" | "caddyfile";

/** What a file is, by its name. */
const KINDS: readonly (readonly [name: RegExp, kind: Kind])[] = [
  [/^Caddyfile|\.caddy(file)?$/, "caddyfile"],
  [/^\.env|\.env$|(^|\.)env\./, "env"],
  [/\.ya?ml$/, "compose"],
];

/** Findings about programs and what they write: these files have none. */
const OF_PROGRAMS: ReadonlySet<string> = new Set([
  "variable-unexplained",
  "unused-suppression",
  "invalid-file-name",
  "duplicate-file",
  "file-and-folder",
]);

/**
 * Looks for known defects in files that nobody generated: Compose files, the first the base and the
 * others merged over it in their order; templates of an `.env`; Caddyfiles. An `.env` that somebody runs with gives
 * variables their values; {@link auditSettings} looks at it.
 *
 * @param read the text of a file that Compose reads, too: one that is included or extended from, the `.env` beside the
 *   first Compose file when no other is among the files; nothing is read without it
 * @returns the findings, those with a known reason as `suppressed`; no value of a secret is in them
 * @throws ConstructError `unknown-kind` for a file whose name says not what it is; `invalid-yaml`
 */
export function audit(files: readonly AuditedFile[], read?: (path: string) => string | undefined): readonly Finding[] {
  const kinds = new Map(files.map((file) => [file, kindOf(file.path)]));
  const of = (kind: Kind) => files.filter((file) => kinds.get(file) === kind);
  const composeFiles = of("compose");
  const [base] = composeFiles;
  const environment = base === undefined ? {} : settingsOf(base, of("env"), read ?? (() => undefined));
  const { rendered, findings } = auditCompose(composeFiles, environment, read);
  return [
    ...findings,
    ...of("env")
      .filter(isTemplate)
      .flatMap((file) => [...templateFindings(file, rendered)]),
    ...of("caddyfile").flatMap((file) => [...caddyfileFindings(file)]),
  ];
}

/**
 * Looks at the files among them that are an operator's `.env`, with the values that somebody runs with.
 *
 * @throws ConstructError as {@link audit} does
 */
export async function auditSettings(files: readonly AuditedFile[]): Promise<readonly Finding[]> {
  const composeFiles = files.filter(({ path }) => kindOf(path) === "compose");
  const settings = files.filter((file) => kindOf(file.path) === "env" && !isTemplate(file));
  return (await Promise.all(settings.map((file) => envFindings(file, composeFiles)))).flat();
}

/**
 * Reads a file to look at, in the encodings that the program reads which it is for.
 *
 * @throws FileError `not-a-file`, `too-large`, `cannot-read`, `not-text`; ConstructError `unknown-kind`
 */
export async function readAudited(path: string): Promise<AuditedFile> {
  const text = kindOf(path) === "compose" ? await readComposeText(path) : await readText(path);
  if (text !== undefined) return { path, text };
  throw new FileError({ code: "cannot-read", path, reason: "is not there", fix: "correct the name" });
}

function kindOf(path: string): Kind {
  if (isRemote(path)) {
    throw new ConstructError({
      code: "remote-file",
      value: JSON.stringify(path),
      reason: "is on another machine, and `audit` fetches nothing",
      fix: `fetch it first: \`docker compose -f ${path} config --no-interpolate > compose.yaml\``,
    });
  }
  const kind = KINDS.find(([name]) => name.test(baseName(path)))?.[1];
  if (kind !== undefined) return kind;
  throw new ConstructError({
    code: "unknown-kind",
    value: JSON.stringify(path),
    reason: "has a name that does not say what kind of file it is",
    fix: "name Compose files *.yaml or *.yml, Caddyfiles Caddyfile*, and settings .env*",
  });
}

function auditCompose(
  files: readonly AuditedFile[],
  environment: Readonly<Record<string, string>>,
  read: ((path: string) => string | undefined) | undefined,
): { readonly rendered: readonly RenderedFile[]; readonly findings: readonly Finding[] } {
  // What a key needs of Docker Compose, `needs` says.
  const app = new App({ compose: `>=${NEWEST}` });
  const imported: ComposeFile[] = [];
  for (const file of files) imported.push(importFile(app, file, imported));
  const [base] = imported;
  if (base === undefined) return { rendered: [], findings: [] };
  const policy = new Policy(base, "audit", { rules: LAMB_RULES });
  for (const file of imported) suppressKnown(policy, file);
  const { findings, context, deployments } = synthesize(app, { read, environment });
  const told = oncePerCause(findings.filter(({ code }) => !OF_PROGRAMS.has(code))).map(doubted);
  return { rendered: context.files, findings: [...refusedByOlder(deploymentOf(deployments, undefined)), ...told] };
}

/** What releases before the newest would refuse, beside keys that they do not know. */
function* refusedByOlder(deployment: Deployment): Generator<Finding> {
  const readings = deployment.readingsOf(parseRange(STANDARD_RANGE));
  if (readings.at(-1)?.error !== undefined) return;
  for (const { from, to, error, code } of readings) {
    if (error === undefined || code === "schema") continue;
    yield {
      code: "compose-refuses",
      severity: "error",
      construct: deployment.writerOf({ file: "" }).node.path,
      file: deployment.name,
      reason: `Docker Compose ${from} to ${to} would refuse these files: ${withoutFolder(error)}`,
      fix: "write it so that these releases accept it, or run a newer one",
    };
  }
}

/** Codes, and those whose fix at the same place mends them, too. */
const CONTAINED: ReadonlyMap<string, readonly string[]> = new Map([
  ["no-created-host-path", ["no-source-mount", "no-engine-socket"]],
  ["required-secrets", ["no-public-secret"]],
]);

/** Without those that a more urgent finding of the same place contains. */
function oncePerCause(findings: readonly Finding[]): readonly Finding[] {
  const placeOf = (code: string, { construct, path }: Finding) => `${code} ${construct} ${path}`;
  const said = new Set(findings.map((finding) => placeOf(finding.code, finding)));
  return findings.filter((finding) => !CONTAINED.get(finding.code)?.some((code) => said.has(placeOf(code, finding))));
}

/** A file does not say whether the image of a service brings a healthcheck. */
function doubted(finding: Finding): Finding {
  if (finding.code !== "no-healthcheck" && finding.code !== "healthcheck-present") return finding;
  const reason = finding.reason.replace(
    /: Compose would refuse to start$/,
    ": unless its image has one, `up` fails there",
  );
  return { ...finding, severity: finding.severity === "error" ? "warning" : finding.severity, reason };
}

function importFile(app: App, { path, text }: AuditedFile, below: readonly ComposeFile[]): ComposeFile {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const id = app.node.tryFindChild(name) === undefined ? name : `${name}-${below.length + 1}`;
  const props = { fileName: path };
  const file = below.length === 0 ? new ComposeFile(app, id, props) : new Overlay(app, id, { over: below, ...props });
  return file.importYaml(text);
}

function suppressKnown(policy: Policy, file: ComposeFile): void {
  const services = mapOf(file.render().document.services);
  for (const service of file.services) {
    const { image } = mapOf(services[service.name]);
    if (typeof image !== "string") continue;
    const { repository } = imageName(image);
    for (const exception of EXCEPTIONS)
      if (exception.image(repository)) policy.suppress(exception.rule, service, exception.reason);
  }
}
