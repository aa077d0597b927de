import { datedKeys } from "../../spec/since";
import { formatPath, type YamlPath } from "../../spec/value";
import { ComposeError } from "../error";
import { toPlain, untyped } from "../format/render-json";
import type { FileInput } from "../loader/files";
import { listVariables, resolve } from "../project";
import type { ResolveOptions } from "../resolve";
import { childOf, type MapNode, type Node } from "../tree/node";
import { compareVersions, NEWEST, OLDEST, releaseOf, type Version } from "../version";
import { insteadOf } from "./needs-instead";
import { type Reading, readings } from "./readings";

/** A key that needs a release of Docker Compose. */
export interface KeyNeed {
  readonly file: string;
  readonly line: number;
  /** `services.web.pre_start`. */
  readonly path: string;
  /** The first release that knows it. */
  readonly since: Version;
  /** What to write for older releases, when there is something that does the same. */
  readonly instead?: string;
}

/** What files need of Docker Compose. */
export interface Needs {
  /** The first release that knows every key of the files; of those that are modelled, the oldest, when all do. */
  readonly lowest: Version;
  /** Keys that the oldest modelled release does not know, in the order of the files. */
  readonly keys: readonly KeyNeed[];
  /** How the releases from 2.40 to the newest read the files. */
  readonly readings: readonly Reading[];
}

/** The line on which the key at the end of a path stands. */
function lineOf(root: MapNode, path: YamlPath): number {
  let node: Node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    node = next;
  }
  return node.origin.line;
}

function keysOf(file: string, root: MapNode): KeyNeed[] {
  const document = toPlain(untyped(root));
  return datedKeys(document).flatMap(({ path, since }): KeyNeed[] => {
    if (compareVersions(since, OLDEST) <= 0) return [];
    const instead = insteadOf(path);
    const need = { file, line: lineOf(root, path), path: formatPath(path), since: releaseOf(since) };
    return [instead === undefined ? need : { ...need, instead }];
  });
}

/** Stands for a variable that has to be set and is not: nearly every attribute takes it. */
const SAMPLE = "1";

/** The environment, with a sample for each variable that the files require and nobody sets. */
function withSamples(files: readonly FileInput[], options: ResolveOptions): Record<string, string | undefined> {
  const compose = NEWEST;
  try {
    const { environment } = resolve(files, { ...options, interpolate: false, compose });
    const required = [...listVariables(files, { ...options, compose })].filter(([, variable]) => variable.required);
    const missing = required.flatMap(([name]) => (environment.get(name) ? [] : [[name, SAMPLE] as const]));
    return { ...options.environment, ...Object.fromEntries(missing) };
  } catch (error) {
    if (error instanceof ComposeError) return { ...options.environment };
    throw error;
  }
}

/**
 * What files, and what they include and extend, need of Docker Compose: the first release for each of their keys, and how
 * the releases from 2.40 on read them. A variable that has to be set and is not counts as set.
 */
export function needs(files: readonly FileInput[], options: Omit<ResolveOptions, "compose"> = {}): Needs {
  const all = { ...options, environment: withSamples(files, options), profiles: ["*"] };
  const keys = new Map<string, KeyNeed>();
  const document = (file: string, root: MapNode) => {
    for (const need of keysOf(file, root)) keys.set(`${need.file} ${need.line} ${need.path}`, need);
  };
  try {
    resolve(files, { ...all, compose: NEWEST, document });
  } catch (error) {
    // Why they are refused is in the readings.
    if (!(error instanceof ComposeError)) throw error;
  }
  const read = readings(files, all);
  const accepted = read.find(({ error }) => error === undefined);
  const refusedFirst = accepted !== undefined && accepted !== read[0];
  const lowest = [...keys.values()].map(({ since }) => since);
  if (refusedFirst) lowest.push(accepted.from);
  return {
    lowest: lowest.sort(compareVersions).at(-1) ?? OLDEST,
    keys: [...keys.values()],
    readings: read,
  };
}
