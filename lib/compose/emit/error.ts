import { hideFromNode, QuotingError } from "../../report/errors";
import { formatPath, type YamlPath } from "../../spec/value";

/** Why a document cannot be written. */
export type EmitErrorCode = "yaml-cycle" | "yaml-depth" | "yaml-number" | "yaml-tag" | "yaml-text" | "yaml-type";

/** A document that cannot be written so that every reader reads the same. The message never shows a value. */
export class EmitError extends QuotingError {
  override readonly name = "EmitError";
  /** Where the offending value stands. */
  readonly path: YamlPath;

  constructor(
    readonly code: EmitErrorCode,
    path: YamlPath,
    reason: string,
  ) {
    super(`${name(path)}: ${reason}`);
    this.path = [...path];
    hideFromNode(this, "path");
  }
}

/**
 * How many lists and mappings may stand inside each other. js-yaml reads no more unless told to; the other readers
 * stop between a few hundred and ten thousand. Compose's own files need about ten.
 */
export const MAX_DEPTH = 99;

/** The error for a value that is neither a scalar, nor a list, nor a mapping. */
export function notYaml(value: unknown, path: YamlPath): EmitError {
  const what = typeof value === "object" ? "an instance of a class" : `of type ${typeof value}`;
  return new EmitError(
    "yaml-type",
    path,
    `the value is ${what}; YAML has text, numbers, true, false, null, lists and mappings`,
  );
}

/**
 * The error for nesting beyond {@link MAX_DEPTH}: a cycle when one of the collections on the way holds itself.
 *
 * @param ancestors the collections from the document down to the one that is too deep, one for each step of the path
 * and one more
 */
export function tooDeep(path: YamlPath, ancestors: readonly unknown[]): EmitError {
  const first = new Map<unknown, number>();
  for (const [depth, node] of ancestors.entries()) {
    const start = first.get(node);
    if (start !== undefined) {
      const reason = `the value contains itself: it is the same object as ${name(path.slice(0, start))}`;
      return new EmitError("yaml-cycle", path.slice(0, depth), reason);
    }
    first.set(node, depth);
  }
  return new EmitError("yaml-depth", path, `more than ${MAX_DEPTH} lists and mappings stand inside each other`);
}

function name(path: YamlPath): string {
  return path.length === 0 ? "the document" : formatPath(path);
}
