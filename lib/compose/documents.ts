import { ComposeError } from "./error";
import type { FileInput, TreeInput } from "./loader/files";
import { type Project, projectOf } from "./project";
import { type CollectingOptions, resolveProject } from "./resolve";
import { formatValue, IMPLICIT, type MapNode, map, type Node, nothing, text } from "./tree/node";
import { type Rewrite, rewriteEntries, rulesOf } from "./tree/rules";

/** How documents are resolved: with all profiles. */
export type DocumentOptions = Omit<
  CollectingOptions,
  "profiles" | "interpolate" | "normalize" | "resolvePaths" | "refusals" | "keepsTemplates"
>;

/**
 * The project that documents make, with its variables: files merged, `extends` and `include` followed, short forms made
 * long where no variable is in them. Services stand in the order of the documents. What Compose would refuse is as it
 * was written, or not there.
 *
 * @param files in the order in which Compose merges them
 */
export function canonicalOf(files: readonly TreeInput[], options: DocumentOptions): MapNode {
  const written = { interpolate: false, normalize: false, resolvePaths: false, keepsTemplates: true };
  const project = attempt([], () => resolveProject(files, { ...options, ...written, profiles: ["*"], refusals: [] }));
  return rewriteEntries(project?.root ?? map([], IMPLICIT), NAMED, undefined, undefined);
}

/** The project as Compose would run it, or everything that it would refuse, in the order in which it meets it. */
export function projectOrRefusals(
  files: readonly (FileInput | TreeInput)[],
  options: DocumentOptions,
): Project | ComposeError[] {
  const refusals: ComposeError[] = [];
  const resolution = attempt(refusals, () => resolveProject(files, { ...options, profiles: ["*"], refusals }));
  return resolution === undefined || refusals.length > 0 ? refusals : projectOf(resolution);
}

/** Compose makes mappings of these lists when it fills the variables in. */
const NAMED = rulesOf<Rewrite<undefined>>({ "services.*.environment": byName, "services.*.labels": byName });

/** `[A=1, B]` is `{A: 1, B: null}`. */
function byName(node: Node): Node {
  if (node.kind !== "list") return node;
  const named = node.items.map((item): [string, Node] => {
    const written = formatValue(item);
    const equals = written.indexOf("=");
    if (equals < 0) return [written, nothing(item.origin)];
    return [written.slice(0, equals), text(written.slice(equals + 1), item.origin)];
  });
  return map(named, node.origin);
}

function attempt<Result>(refusals: ComposeError[], work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    refusals.push(error);
    return undefined;
  }
}
