import type { ComposeTag } from "../emit/node";
import { ComposeError } from "../error";
import type { FileAccess } from "../loader/files";
import { listVariables, resolve } from "../project";
import type { ResolveOptions } from "../resolve";
import { parseYaml, type YamlNode } from "../yaml/parser";
import { type Place, parsePath } from "./explain";

/** Which file took a value away that the files before it gave. */
export interface Removal {
  readonly file: string;
  /** The place of the tag. Absent where a file takes a value away without one, as a shorter `command` does. */
  readonly tag?: Place & { readonly name: ComposeTag };
  /** Where the value stood, each line once. */
  readonly stood: readonly Place[];
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Looks for who removed what stands at or below a path: the last of the files with which it does not stand any more.
 * Nothing for a path that stands, and for one that never did.
 *
 * @param files in the order in which Compose merges them
 */
export function removalOf(
  path: string,
  files: readonly TextFile[],
  options: ResolveOptions & FileAccess = {},
): Removal | undefined {
  for (let count = files.length; count > 0; count--) {
    const stood = placesAt(path, files.slice(0, count), options);
    if (stood.length === 0) continue;
    const by = files[count];
    if (by === undefined) return undefined;
    const tag = tagAbove(parsePath(path), by);
    return { file: by.path, ...(tag === undefined ? {} : { tag }), stood };
  }
  return undefined;
}

/**
 * Which file took away the last place at which a variable was mentioned, for each variable that the project of all files
 * does not mention any more. Nothing for files that are no project.
 *
 * @param names the variables that are asked for
 * @param files in the order in which Compose merges them
 * @returns name → path of the file
 */
export function variableRemovals(
  names: Iterable<string>,
  files: readonly TextFile[],
  options: ResolveOptions & FileAccess = {},
): ReadonlyMap<string, string> {
  const removals = new Map<string, string>();
  const [whole, ...parts] = files.map((_, index) => () => mentionedIn(files.slice(0, files.length - index), options));
  const remaining = whole?.();
  if (remaining === undefined) return removals;
  const open = new Set([...names].filter((name) => !remaining.has(name)));
  for (const [index, mentioned] of parts.entries()) {
    if (open.size === 0) break;
    const by = files[files.length - 1 - index]?.path ?? "";
    const earlier = mentioned();
    for (const name of open) if (earlier?.has(name) === true && open.delete(name)) removals.set(name, by);
  }
  return removals;
}

/** The variables of files, merged. `undefined` where the files are no project. */
function mentionedIn(files: readonly TextFile[], options: ResolveOptions): ReadonlyMap<string, unknown> | undefined {
  try {
    return listVariables(files, options);
  } catch (error) {
    if (error instanceof ComposeError) return undefined;
    throw error;
  }
}

/** The lines that a value comes from. None where there is no value, and where the files are no project yet. */
function placesAt(path: string, files: readonly TextFile[], options: ResolveOptions): readonly Place[] {
  try {
    const explanations = resolve(files, options).explain(path);
    const places = explanations.flatMap(({ place }) => (place === undefined ? [] : [place]));
    return [...new Map(places.map((place) => [`${place.file}:${place.line}`, place])).values()];
  } catch (error) {
    if (error instanceof ComposeError) return [];
    throw error;
  }
}

/** The tag of a file that stands at a path or above it. */
function tagAbove(path: readonly string[], { path: file, text }: TextFile): Removal["tag"] {
  for (const document of parseYaml(text).documents) {
    let node: YamlNode | undefined = document;
    for (const key of [...path, undefined]) {
      while (node?.kind === "alias") node = node.target;
      if (node === undefined) break;
      const { tag, line, column } = node;
      if (tag === "!reset" || tag === "!override") return { name: tag, file, line, column };
      node = childOf(node, key);
    }
  }
  return undefined;
}

function childOf(node: YamlNode, key: string | undefined): YamlNode | undefined {
  if (key === undefined || node.kind === "scalar") return undefined;
  if (node.kind === "sequence") return node.items[Number(key)];
  return node.kind === "mapping"
    ? node.entries.find(([name]) => name.kind === "scalar" && name.value === key)?.[1]
    : undefined;
}
