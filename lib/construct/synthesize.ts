import { emit } from "../compose/emit";
import type { App } from "./app";
import { DEPLOYMENT_CHECKS, FILE_CHECKS } from "./checks";
import { paths } from "./checks/paths";
import { variables } from "./checks/variables";
import { ComposeConstruct } from "./compose-construct";
import { deploymentsOf } from "./deployment";
import type { Finding } from "./finding";
import type { RenderedFile } from "./rendered-file";
import { Synthesis, type SynthesizedFile } from "./synthesis";
import { SynthesisContext } from "./synthesis-context";
import { descendants } from "./walk";

/** Tree → model → findings → text. */
export function synthesize(app: App): Synthesis {
  const rendered = app.files.map((file) => file.render());
  const context = new SynthesisContext(rendered);
  const files: SynthesizedFile[] = rendered.map((file) => ({
    path: file.file.fileName,
    construct: file.file.node.path,
    text: emit(file.tree, { header: headerOf(file) }),
  }));
  for (const artifact of app.artifacts) {
    files.push({ path: artifact.fileName, construct: artifact.node.path, text: artifact.render(context) });
  }
  const findings = [
    ...descendants(app).flatMap(ownFindings),
    ...rendered.flatMap((file) => FILE_CHECKS.flatMap((check) => [...check(file)])),
    ...variables(rendered),
    ...deploymentsOf(rendered).flatMap((deployment) => DEPLOYMENT_CHECKS.flatMap((check) => [...check(deployment)])),
    ...paths(files),
  ];
  return new Synthesis(files, distinct(findings), context);
}

function headerOf({ file }: RenderedFile): string {
  const how = `Made by lamb-compose from the construct ${JSON.stringify(file.node.path)}. Do not edit: change the program and run it again.`;
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
