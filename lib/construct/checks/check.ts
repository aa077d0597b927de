import type { IConstruct } from "constructs";
import type { Finding, Severity } from "../../report/finding";
import { formatPath, type YamlPath } from "../../spec";
import type { Deployment } from "../synth/deployment";
import type { RenderedFile } from "../synth/rendered-file";

/** What a check says of one place. */
interface Problem {
  readonly code: string;
  /** @default "error" */
  readonly severity?: Severity;
  readonly path: YamlPath;
  /** @default - the construct that wrote what stands at the path */
  readonly by?: IConstruct;
  readonly value?: string;
  readonly reason: string;
  readonly fix: string;
}

/** A finding about a place of one file. */
export function inFile(rendered: RenderedFile, problem: Problem): Finding {
  return placed(problem, rendered, rendered.file.fileName);
}

/** A finding about a place of a deployment, traced to the construct that wrote it last. */
export function inDeployment(deployment: Deployment, problem: Problem): Finding {
  return placed(problem, deployment, deployment.fileOf(problem.path));
}

function placed(
  { path, severity = "error", by, ...problem }: Problem,
  where: Pick<RenderedFile, "ownerOf">,
  file: string,
): Finding {
  const { node } = by ?? where.ownerOf(path);
  return { ...problem, severity, construct: node.path, file, path: formatPath(path) };
}
