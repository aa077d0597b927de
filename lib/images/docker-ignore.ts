import type { Construct } from "constructs";
import { Artifact } from "../construct/artifact";
import { ConstructError } from "../construct/errors";
import { madeBy } from "../construct/made-by";

/** Patterns that stand together, and why. */
export interface IgnoreRule {
  readonly why: string;
  /** Patterns of `.dockerignore`, from the root of the build context. */
  readonly patterns: readonly string[];
}

/** Which Dockerfile the {@link DockerIgnore} is for, and what its build may see. */
export interface DockerIgnoreProps {
  /** The Dockerfile that it belongs to: the file's name is the Dockerfile's with `.dockerignore` behind it. */
  readonly dockerfile: string;
  /** Files and folders that the build needs, from the root of the build context. Nothing else is sent to it. */
  readonly only: readonly string[];
  /**
   * What is not sent although it lies below one of them.
   * @default - nothing
   */
  readonly except?: readonly IgnoreRule[] | undefined;
}

/**
 * What a build may see. It names what is needed instead of what is not, so that a database, an upload or an `.env` that
 * somebody leaves in a checkout is not built in. BuildKit reads it for its own Dockerfile alone: a `.dockerignore` that
 * is there for other builds stays as it is.
 *
 * @see Dockerfile reference, ".dockerignore file"
 */
export class DockerIgnore extends Artifact {
  /** @throws ConstructError `invalid-ignore-pattern` */
  constructor(scope: Construct, id: string, { dockerfile, only, except = [] }: DockerIgnoreProps) {
    for (const pattern of [...only, ...except.flatMap(({ patterns }) => patterns)]) refuse(pattern);
    super(scope, id, {
      fileName: `${dockerfile}.dockerignore`,
      content: () => [`# ${madeBy(this)}`, "", ...lines(only, except), ""].join("\n"),
    });
  }
}

function lines(only: readonly string[], except: readonly IgnoreRule[]): string[] {
  return [
    "# Nothing but what the build needs.",
    "*",
    ...only.filter((path) => !only.some((other) => path.startsWith(`${other}/`))).map((path) => `!${path}`),
    ...except.flatMap(({ why, patterns }) => ["", `# ${why}`, ...patterns]),
  ];
}

/** A line that Docker would read as something else than a pattern to leave out. */
function refuse(pattern: string): void {
  if (/^[!#\s]|\s$|[\r\n]|^$/.test(pattern) || pattern.split("/").includes("..")) {
    throw new ConstructError({
      code: "invalid-ignore-pattern",
      value: JSON.stringify(pattern),
      reason: "is not a pattern below the build context",
      fix: "write paths from the root of the context, without `!`, `#` or `..` in front",
    });
  }
}
