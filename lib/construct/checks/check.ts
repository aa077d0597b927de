import type { Finding, Severity } from "../../report/finding";
import { formatPath, type YamlPath } from "../../spec";
import type { Deployment } from "../synth/deployment";
import type { RenderedFile } from "../synth/rendered-file";

/** What a check says of one place. */
interface Problem {
  readonly code: string;
  readonly severity?: Severity;
  readonly path: YamlPath;
  readonly value?: string;
  readonly reason: string;
  readonly fix: string;
}

/** A finding about a place of one file. */
export function inFile(rendered: RenderedFile, { path, severity = "error", ...problem }: Problem): Finding {
  return {
    ...problem,
    severity,
    construct: rendered.ownerOf(path).node.path,
    file: rendered.file.fileName,
    path: formatPath(path),
  };
}

/** A finding about a place of a deployment, traced to the construct that wrote it last. */
export function inDeployment(deployment: Deployment, { path, severity = "error", ...problem }: Problem): Finding {
  return {
    ...problem,
    severity,
    construct: deployment.ownerOf(path).node.path,
    file: deployment.fileOf(path),
    path: formatPath(path),
  };
}
