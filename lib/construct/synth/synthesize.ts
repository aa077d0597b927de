import { EmitError, emit } from "../../compose/emit/emit";
import type { VersionRange } from "../../compose/range";
import type { Finding } from "../../report/finding";
import type { App } from "../app";
import { DEPLOYMENT_CHECKS, FILE_CHECKS } from "../checks";
import { inFile } from "../checks/check";
import { notLocked } from "../checks/images";
import { markers } from "../checks/markers";
import { orphanServices } from "../checks/orphan-services";
import { paths } from "../checks/paths";
import { refusals } from "../checks/refusals";
import { newerKeys } from "../checks/releases";
import { variables } from "../checks/variables";
import { ComposeConstruct } from "../compose-construct";
import type { ComposeFile } from "../compose-file";
import { forReleases } from "../for-releases";
import type { ImageLock } from "../image/lock";
import { madeBy, ofProgram } from "../made-by";
import { descendants } from "../walk";
import { SynthesisContext } from "./context";
import { type Deployment, deploymentsOf } from "./deployment";
import type { RenderedFile } from "./rendered-file";
import { Synthesis, type SynthesizedFile } from "./synthesis";

/** What a synthesis takes beside the program. */
export interface SynthOptions {
  /**
   * The digests by which images are named, in Compose files and in what artifacts ask of the context. An image that it
   * lacks is a finding.
   * @default - none: images are named as the program names them
   */
  readonly lock?: ImageLock | undefined;
  /**
   * The text of a file that Compose files include or extend from and that the program does not make; `undefined` when
   * there is none. A path is absolute, or seen from the output directory.
   * @default - there are only the files of the program
   */
  readonly read?: ((path: string) => string | undefined) | undefined;
  /**
   * The program as the tops of its files name it, such as `deploy/prod.ts`. An `App` with a header has its own words.
   * @default - they name the construct alone
   */
  readonly program?: string | undefined;
}

/** What a synthesis takes from those who know what a deployment runs with. */
interface Settings {
  /** Values of variables. They may stand in findings: no secret is among them. @default - none is known */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Tree → model → findings → text. */
export function synthesize(app: App, { lock, read, program, environment }: SynthOptions & Settings): Synthesis {
  const rendered = app.files.map((file) => file.render(lock));
  const context = new SynthesisContext(rendered, lock);
  const constructs = descendants(app);
  const unwritable: Finding[] = [];
  const unlocked: Finding[] = [];
  const named = (text: string) => (program === undefined ? text : ofProgram(text, program));
  const files: SynthesizedFile[] = rendered.map((file) => ({
    path: file.file.fileName,
    construct: file.file.node.path,
    text: named(textOf(file, app.compose, unwritable)),
  }));
  for (const artifact of app.artifacts) {
    const place = { construct: artifact.node.path, file: artifact.fileName };
    const own = new SynthesisContext(rendered, lock, (use) => unlocked.push(...notLocked(use, place)));
    files.push({ path: artifact.fileName, construct: artifact.node.path, text: named(artifact.render(own)) });
  }
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const deployments = deploymentsOf(rendered, {
    read: (path) => texts.get(path) ?? read?.(path),
    compose: app.compose,
    environment,
  });
  const checked = [
    ...paths(files),
    ...constructs.flatMap(ownFindings),
    ...orphanServices(constructs),
    ...rendered.flatMap((file) => FILE_CHECKS.flatMap((check) => [...check(file)])),
    ...rendered.flatMap((file) => [...newerKeys(file, app.compose)]),
    ...variables(rendered),
    ...deployments.flatMap((deployment) => DEPLOYMENT_CHECKS.flatMap((check) => [...check(deployment)])),
  ];
  const findings = [
    ...checked,
    ...deployments.flatMap((deployment) => [...refusals(deployment, checked)]),
    ...rendered.flatMap(({ file }) => checksOf(file, deployments)),
    ...unlocked,
    ...unwritable,
    ...markers(files),
  ];
  return new Synthesis(files, distinct(findings), context, deployments, app.compose);
}

/** A file's own checks, on the deployments that it is part of. */
function checksOf(file: ComposeFile, deployments: readonly Deployment[]): readonly Finding[] {
  if (file.checks.length === 0) return [];
  const own = deployments.filter(({ files }) => files.some((rendered) => rendered.file === file));
  return file.checks.flatMap((check) => [...check(own)]);
}

/** The file as text. Without any, and with a finding, when it holds what no YAML file can. */
function textOf(file: RenderedFile, range: VersionRange, unwritable: Finding[]): string {
  try {
    return emit(file.tree, { header: headerOf(file, range) });
  } catch (error) {
    if (!(error instanceof EmitError)) throw error;
    const fix = "change the value: use no half of a surrogate pair, and nest it no deeper than a Compose file needs";
    unwritable.push(inFile(file, { code: error.code, path: error.path, reason: error.message, fix }));
    return "";
  }
}

/** By which editors know what may stand in the file. */
const SCHEMA_HINT =
  "yaml-language-server: $schema=https://raw.githubusercontent.com/compose-spec/compose-spec/main/schema/compose-spec.json";

function headerOf({ file }: RenderedFile, range: VersionRange): string {
  const how = `${madeBy(file)}\n${forReleases(range)}\n${SCHEMA_HINT}`;
  return file.description === undefined ? how : `${file.description}\n\n${how}`;
}

/** What a construct says of itself, and what `node.addValidation` adds. */
function ownFindings(construct: ReturnType<typeof descendants>[number]): readonly Finding[] {
  const own = ComposeConstruct.isComposeConstruct(construct) ? construct.findings() : [];
  const added = construct.node.validate().map((reason): Finding => {
    return {
      code: "validation",
      severity: "error",
      construct: construct.node.path,
      reason,
      fix: "see the construct's documentation",
    };
  });
  return [...own, ...added];
}

/** The same problem shows in every deployment that has the file: it is said once, of the smallest one. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const { code, construct, path, reason, value } = finding;
    const key = JSON.stringify([code, construct, path, reason, value]);
    if (!seen.has(key)) seen.set(key, finding);
  }
  return [...seen.values()];
}
