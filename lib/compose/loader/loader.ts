import { ComposeError } from "../error";
import { mergeDocuments } from "../override/merge";
import { enforceUnicity } from "../override/unicity";
import type { Lookup } from "../template/interpolate";
import { interpolateTree } from "../template/interpolate-tree";
import { adoptExtensions, adoptedPaths } from "../transform/adopted";
import { toCanonical } from "../transform/canonical";
import { checkModel, setDefaults } from "../transform/defaults";
import type { CanonicalOptions } from "../transform/short-forms";
import { asText, IMPLICIT, list, type MapNode, map, mapValues, type Node, text, withEntries } from "../tree/node";
import { clearPaths } from "../tree/reset";
import { validateSchema } from "../validation/schema";
import type { Behaviour } from "../version";
import { readDocument } from "./document";
import { applyExtends, type ExtendsContext } from "./extends";
import type { Files } from "./files";
import { applyInclude } from "./include";
import { resolvePaths } from "./paths";

/** Who looks at the documents while they are put together. */
export interface DocumentWatch {
  /** Told each document with its variables replaced. */
  read(document: MapNode): void;
  /** Told each document and the project that it comes over. */
  merge(before: MapNode, document: MapNode): void;
}

/** What all files of one project have in common. */
export interface LoadContext {
  readonly files: Files;
  readonly behaviour: Behaviour;
  readonly lookup: Lookup;
  readonly warn: (message: string) => void;
  readonly document?: (file: string, root: MapNode) => void;
  readonly watch?: DocumentWatch | undefined;
  readonly interpolate: boolean;
  readonly resolvePaths: boolean;
  /** Whether values with variables stay as they are written. */
  readonly keepsTemplates: boolean;
  readonly home: string | undefined;
  /** Where the project's files are read from: absolute. */
  readonly directory: string;
  /** What the paths of the project become relative to; of an included project, as seen from the one around it. */
  readonly base: string;
  /** The files that include this one, outermost first. */
  readonly including: readonly string[];
  /** How many of them include each other. */
  readonly depth: number;
}

const EMPTY_MODEL: MapNode = map([], IMPLICIT);

interface DocumentStages {
  readonly include: boolean;
  readonly extend: boolean;
  readonly validate: boolean;
}

const ALL: DocumentStages = { include: true, extend: true, validate: true };

/** What a file that is only extended from goes through. */
const BASE_FILE: DocumentStages = { include: false, extend: false, validate: false };

export interface LoadedFile {
  readonly model: MapNode;
  /** What the last document of the file resets. */
  readonly resets: readonly (readonly string[])[];
}

/** Puts one file, document by document, over the model of the files before it. */
function loadFile(path: string, before: MapNode, context: LoadContext, stages: DocumentStages = ALL): LoadedFile {
  let model = before;
  let resets: LoadedFile["resets"] = [];
  let including = context.including;
  const stream = context.files.yaml(path);
  for (const yaml of stream.documents) {
    context.files.charge(path);
    const document = readDocument(yaml, path, {
      behaviour: context.behaviour,
      aliases: stream.hasAliases,
      isTree: stream.isTree,
    });
    resets = context.behaviour.does("adoptsExtensions") ? document.resets.flatMap(adoptedPaths) : document.resets;
    context.document?.(path, document.root);
    including = [...including, path];
    model = loadDocument(path, document.root, resets, model, { ...context, including }, stages);
  }
  if (stream.error !== undefined) {
    const { line, column } = stream.error;
    const message = `failed to parse ${path}: ${stream.error.words(context.behaviour)}`;
    throw new ComposeError("yaml", message, { file: path, line, column });
  }
  return { model, resets };
}

function loadDocument(
  file: string,
  root: MapNode,
  resets: LoadedFile["resets"],
  before: MapNode,
  context: LoadContext,
  stages: DocumentStages,
): MapNode {
  const { lookup, warn, behaviour } = context;
  let document: MapNode = root;
  if (context.interpolate) {
    document = mapOf(interpolateTree(root, { lookup, warn, behaviour }));
  }
  context.watch?.read(document);
  if (behaviour.does("adoptsExtensions")) document = adoptExtensions(document, behaviour);
  const extending: ExtendsContext = {
    file,
    resets,
    directory: context.directory,
    behaviour,
    load: (path, base) => loadBase(path, base, context),
  };
  const extend = () => {
    if (stages.extend) document = applyExtends(document, extending);
  };
  const include = () => {
    if (stages.include) document = applyInclude(document, context);
  };
  if (behaviour.does("includeFirst")) {
    include();
    extend();
  } else extend();
  const base = clearPaths(before, resets);
  if (!behaviour.does("includeFirst")) include();
  context.watch?.merge(base, document);
  let model = enforceUnicity(mergeDocuments(base, document, behaviour), behaviour, base);
  if (stages.validate) {
    if (!context.keepsTemplates) validateSchema(model, file, behaviour);
    if (model.entries.has("version")) {
      const advice = "it will be ignored, please remove it to avoid potential confusion";
      warn(`${file}: the attribute \`version\` is obsolete, ${advice}`);
      model = withEntries(model, [["version", undefined]]);
    }
  }
  const { keepsTemplates } = context;
  const canonical: CanonicalOptions = { lenient: !context.interpolate, keepsTemplates, warn, behaviour };
  return enforceUnicity(toCanonical(model, canonical, base), behaviour, base);
}

function mapOf(node: Node): MapNode {
  return node.kind === "map" ? node : EMPTY_MODEL;
}

/** A file that a service extends from: its paths become relative to the project, nothing else is done to it yet. */
function loadBase(path: string, base: string, context: LoadContext): LoadedFile {
  const { model, resets } = loadFile(path, EMPTY_MODEL, context, BASE_FILE);
  const { home } = context;
  return { model: resolvePaths(model, { directory: base, home, followLinks: context.files.followLinks }), resets };
}

/** Loads the files of a project, one over the other, up to the point where only names and types are left to do. */
export function loadModel(paths: readonly string[], context: LoadContext): MapNode {
  let model = EMPTY_MODEL;
  for (const path of paths) {
    model = loadFile(path, model, context).model;
    context.files.release(path);
  }
  model = setDefaults(model, context.behaviour);
  checkModel(model, context.behaviour);
  if (context.resolvePaths) {
    const { base: directory, home, files } = context;
    model = resolvePaths(model, { directory, home, followLinks: files.followLinks });
  }
  return fillFromEnvironment(model, context.lookup);
}

/** `environment: [NAME]` takes the value that the variable has for interpolation. */
function fillFromEnvironment(model: MapNode, lookup: Lookup): MapNode {
  const services = model.entries.get("services");
  if (services?.kind !== "map") return model;
  const filled = mapValues(services, (service) => {
    const environment = service.kind === "map" ? service.entries.get("environment") : undefined;
    if (service.kind !== "map" || environment?.kind !== "list") return service;
    const items = environment.items.flatMap((item): Node[] => {
      const name = asText(item);
      if (name === undefined) return [];
      const value = lookup(name);
      return [
        value === undefined ? item : text(`${name}=${value}`, { ...item.origin, rule: "value from the environment" }),
      ];
    });
    return withEntries(service, [["environment", list(items, environment.origin)]]);
  });
  return filled === services ? model : withEntries(model, [["services", filled]]);
}
