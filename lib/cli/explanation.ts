import type { Place } from "../compose/inspect/explain";
import { parsePath } from "../compose/inspect/explain";
import { type Removal, removalOf } from "../compose/inspect/removal";
import { deploymentOf, type TracedExplanation } from "../construct/synth/resolution";
import type { Synthesis } from "../construct/synth/synthesis";

/** A value that a file of the program took away, and the construct that wrote it there. */
export interface TracedRemoval extends Removal {
  /** Path of the construct. */
  readonly construct: string;
}

/** An explanation as text: the value, then a line for each thing that made it. */
export function formatExplanation(explanation: TracedExplanation): string {
  const { path, value, place, construct, template, variables, rule, replaced } = explanation;
  const lines = [`${path}: ${JSON.stringify(value)}`];
  if (place !== undefined)
    lines.push(`  from ${at(place)}${construct === undefined ? "" : `, written by ${construct}`}`);
  if (template !== undefined) lines.push(`  as ${template}`);
  for (const { name, from } of variables) lines.push(`  ${name}: ${from}`);
  if (rule !== undefined) lines.push(`  by the rule: ${rule}`);
  for (const one of replaced) lines.push(`  instead of what ${at(one)} says`);
  return lines.join("\n");
}

/** Who of a program removed what stood at or below a path. Nothing for a path that no file ever had. */
export function explainRemoval(synthesis: Synthesis, path: string): TracedRemoval | undefined {
  const deployment = deploymentOf(synthesis.deployments, undefined);
  const files = deployment.files.map(({ file }) => ({
    path: ROOT + file.fileName,
    text: synthesis.files.get(file.fileName) ?? "",
  }));
  const removal = removalOf(path, files, {
    workingDirectory: ROOT,
    environment: deployment.sampleEnvironment(),
    envFiles: [],
    profiles: ["*"],
    read: (file) => synthesis.files.get(local(file)),
  });
  if (removal === undefined) return undefined;
  const file = local(removal.file);
  const owner = deployment.files.find((rendered) => rendered.file.fileName === file)?.ownerOf(parsePath(path));
  return {
    ...removal,
    file,
    ...(removal.tag === undefined ? {} : { tag: { ...removal.tag, file } }),
    stood: removal.stood.map((place) => ({ ...place, file: local(place.file) })),
    construct: owner?.node.path ?? "",
  };
}

/** A removal as text: who did it, and where the value stood. */
export function formatRemoval(path: string, { file, tag, stood, construct }: TracedRemoval): string {
  const by = tag === undefined ? file : `${tag.name} at ${at(tag)}`;
  const lines = [`${path}: removed by ${by}, written by ${construct}`];
  for (const place of stood) lines.push(`  it stood at ${at(place)}`);
  return lines.join("\n");
}

/** Where the files of a program lie while they are read: they are not on a disk. */
const ROOT = "/";

function local(file: string): string {
  return file.startsWith(ROOT) ? file.slice(ROOT.length) : file;
}

function at({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
