import type { Environment } from "../env/file";
import { dotText } from "../graph/dot";
import { deploymentGraph } from "../graph/graph";
import type { Theme } from "../graph/look";
import { mermaidText } from "../graph/mermaid";
import { readDeployment } from "./env/directory";
import { projectOf } from "./env/project";

export interface GraphRequest {
  readonly dir: string;
  readonly environment: Environment;
  readonly format: "mermaid" | "dot" | "svg";
  readonly theme: Theme;
}

/**
 * Draws the deployment of a directory. It reads its files only.
 *
 * @throws OperateError `not-resolved`, and those of reading the directory
 */
export async function graphOf({ dir, environment, format, theme }: GraphRequest): Promise<string> {
  const project = projectOf(await readDeployment(dir, environment), environment);
  const graph = deploymentGraph(project.model);
  if (format === "mermaid") return mermaidText(graph, theme);
  const text = dotText(graph, theme);
  if (format === "dot") return text;
  const { instance } = await import("@viz-js/viz");
  return (await instance()).renderString(text, { format: "svg" });
}
