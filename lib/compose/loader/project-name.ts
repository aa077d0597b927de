import { ComposeError } from "../error";
import type { Lookup } from "../template/interpolate";
import { interpolateTree } from "../template/interpolate-tree";
import { quote } from "../tree/gotext";
import { asText, map, text } from "../tree/node";
import type { Behaviour } from "../version";
import { valueErrors } from "../yaml/error";
import type { YamlMapping, YamlNode, YamlScalar } from "../yaml/parser";
import { resolveScalar, TAG_NAMES } from "../yaml/resolve";
import type { Files } from "./files";
import { baseName } from "./paths";

export interface NamingContext {
  readonly files: Files;
  readonly directory: string;
  readonly lookup: Lookup;
  readonly behaviour: Behaviour;
  readonly interpolate: boolean;
  readonly normalized: boolean;
  /** `-p`. */
  readonly given: string | undefined;
  readonly warn: (message: string) => void;
}

/** Lower case, without characters that no project name has, without `_` and `-` in front. */
function normalizeProjectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

function checked(name: string): string {
  if (normalizeProjectName(name) === name) return name;
  const rule = "must consist only of lowercase alphanumeric characters, hyphens, and underscores";
  throw new ComposeError(
    "name",
    `invalid project name ${quote(name)}: ${rule} as well as start with a letter or number`,
  );
}

/** Variables that Compose itself sets for interpolation, whatever the environment has. */
export const SET_BY_COMPOSE: ReadonlySet<string> = new Set(["COMPOSE_PROJECT_NAME"]);

/** `-p`, then `COMPOSE_PROJECT_NAME`, then the files, then the directory. */
export function projectName(paths: readonly string[], context: NamingContext): string {
  const { given, lookup, directory } = context;
  if (given !== undefined && given !== "") return checked(given);
  const named = firstDocumentsHaveName(paths, context);
  const fromEnvironment = lookup("COMPOSE_PROJECT_NAME") ?? "";
  if (fromEnvironment !== "") return checked(fromEnvironment);
  const written = nameInFiles(paths, context);
  const origin = { file: paths[0] ?? "", line: 1, column: 1 };
  const tree = map([["name", text(written, origin)]], origin);
  const { interpolate, behaviour, warn } = context;
  const read = interpolate ? interpolateTree(tree, { lookup, behaviour, warn }) : tree;
  const found = (read.kind === "map" ? asText(read.entries.get("name")) : undefined) ?? "";
  const name = context.normalized ? normalizeProjectName(found) : found;
  if (name !== "") return name;
  return named ? "" : normalizeProjectName(baseName(directory));
}

/** The values of `name` in a document: of a key that is there twice, both. */
function* namesIn(document: YamlMapping): Generator<YamlNode> {
  for (const [key, value] of document.entries) {
    if (key.kind === "scalar" && key.value === "name") yield value.kind === "alias" ? value.target : value;
  }
}

/** The value of `name` in a document, when it is a text. */
function nameOf(document: YamlNode | undefined): string | undefined {
  if (document?.kind !== "mapping") return undefined;
  let name: string | undefined;
  for (const found of namesIn(document)) {
    if (found.kind === "scalar" && !/^(?:~|null|Null|NULL)?$/.test(found.plain ? found.value : "x")) name = found.value;
  }
  return name;
}

/** The first look that Compose takes at the files, only for names: what it cannot read there, it reports in its own way. */
function firstDocumentsHaveName(paths: readonly string[], { files, behaviour }: NamingContext): boolean {
  for (const path of paths) {
    const { documents, error } = files.yaml(path);
    const [document] = documents;
    if (document === undefined) {
      if (error !== undefined) {
        const { line, column } = error;
        throw new ComposeError("yaml", error.words(behaviour), { file: path, line, column });
      }
      continue;
    }
    checkFirst(document, path, behaviour);
    if ((nameOf(document) ?? "") !== "") return true;
  }
  return false;
}

function checkFirst(document: YamlNode, path: string, { does }: Behaviour): void {
  const found = document.kind === "mapping" ? [...repeatedKeys(document), ...badName(document)] : [];
  if (document.kind === "scalar") found.push(...scalarProblem(document));
  if (document.kind === "sequence") found.push(`line ${document.line}: cannot unmarshal !!seq into cli.named`);
  if (found.length === 0) return;
  const { line, column } = document;
  const problems = does("namesYamlPlaces") ? found.map((problem) => problem.replace("unmarshal", "construct")) : found;
  throw new ComposeError("yaml", valueErrors(problems, does), { file: path, line, column });
}

function* scalarProblem({ value, tag, plain, line }: YamlScalar): Generator<string> {
  const { type } = resolveScalar(value, tag.startsWith("!!") ? tag : "", plain);
  const short = value.length > 10 ? `${value.slice(0, 7)}...` : value;
  if (type !== "null") yield `line ${line}: cannot unmarshal ${TAG_NAMES[type]} \`${short}\` into cli.named`;
}

function* repeatedKeys(document: YamlMapping): Generator<string> {
  const lines = new Map<string, number>();
  for (const [key] of document.entries) {
    if (key.kind !== "scalar") continue;
    const first = lines.get(key.value);
    if (first === undefined) lines.set(key.value, key.line);
    else yield `line ${key.line}: mapping key ${quote(key.value)} already defined at line ${first}`;
  }
}

function* badName(document: YamlMapping): Generator<string> {
  for (const found of namesIn(document)) {
    if (found.kind === "sequence") yield `line ${found.line}: cannot unmarshal !!seq into string`;
    if (found.kind === "mapping") yield `line ${found.line}: cannot unmarshal !!map into string`;
  }
}

/** The last name of all documents of all files. */
function nameInFiles(paths: readonly string[], { files }: NamingContext): string {
  let name = "";
  for (const path of paths) {
    // A text without the word has no such key, unless an escape hides it: it need not be read yet.
    if (!/name|\\/.test(files.yamlText(path) ?? "name")) continue;
    for (const document of files.yaml(path).documents) name = nameOf(document) || name;
  }
  return name;
}
