import type { IConstruct } from "constructs";
import { isCommented, isList, isMap, isTagged, type YamlNode } from "../../compose/emit/emit";
import { type ComposeMap, type ComposeValue, keyOrder, type YamlPath } from "../../spec";
import { setOwn } from "../../spec/value";
import type { ComposeConstruct } from "../compose-construct";
import type { ComposeFile } from "../compose-file";
import type { EnvVar } from "../env-var";
import { type Register, sortKeys } from "./render";
import { saidOnce } from "./say-once";

type Section = { [name: string]: YamlNode };

/** A Compose file as data, and which construct wrote what of it. */
export class RenderedFile {
  /** The document with its tags and comments, ready to be written. */
  tree: { readonly [key: string]: YamlNode } = {};
  /** The document as plain data: what `!reset` removes is not there, what `!override` brings is. */
  document: ComposeMap = {};
  /** Names that two constructs of one section share. */
  readonly twice: { readonly section: string; readonly first: ComposeConstruct; readonly second: ComposeConstruct }[] =
    [];

  private readonly sections = new Map<string, Section>();
  private readonly owners = new Map<string, ComposeConstruct>();

  constructor(
    readonly file: ComposeFile,
    readonly register: Register,
  ) {}

  /** Puts what a construct renders to under a name. */
  put(section: string, name: string, construct: ComposeConstruct, node: YamlNode): void {
    const key = `${section} ${name}`;
    const first = this.owners.get(key);
    if (first !== undefined) {
      this.twice.push({ section, first, second: construct });
      return;
    }
    this.owners.set(key, construct);
    let entries = this.sections.get(section);
    if (entries === undefined) {
      entries = {};
      this.sections.set(section, entries);
    }
    setOwn(entries, name, node);
  }

  /** Adds the rest of the top level, and brings its keys into their order. */
  finish(topLevel: YamlNode, facts: YamlNode): void {
    const parts: Section = { ...(isMap(topLevel) ? topLevel : {}), ...(isMap(facts) ? facts : {}) };
    for (const [section, entries] of this.sections) {
      const others = parts[section] ?? null;
      parts[section] = isMap(others) ? { ...others, ...entries } : others === null ? entries : others;
    }
    const tree: Section = {};
    const variables = new Set<string>();
    for (const key of sortKeys(Object.keys(parts), keyOrder([]) ?? [])) {
      const part = parts[key] ?? null;
      setOwn(tree, key, isMap(part) ? sectionOnce(part, variables) : part);
    }
    this.tree = tree;
    this.document = settled(tree);
  }

  /** The construct that wrote what stands at a path. */
  ownerOf(path: YamlPath): IConstruct {
    return this.register.writers.at(path) ?? this.owners.get(`${path[0]} ${path[1]}`) ?? this.file;
  }
}

/** The variables that files mention, each once by name, in the order of the program. */
export function variablesOf(files: readonly RenderedFile[]): ReadonlyMap<string, EnvVar> {
  const byName = new Map<string, EnvVar>();
  for (const { register } of files) {
    for (const { what } of register.variables) if (!byName.has(what.name)) byName.set(what.name, what);
  }
  return byName;
}

/** A section that says each meaning of a variable once for the file, and each comment once for an entry. */
function sectionOnce(section: Section, variables: Set<string>): Section {
  const result: Section = {};
  for (const [name, node] of Object.entries(section)) {
    setOwn(result, name, saidOnce(node, { comments: new Set(), variables }));
  }
  return result;
}

/** The plain data of a node: comments gone, tags carried out. A section's entry without either is not copied. */
function settled(tree: Section): ComposeMap {
  const document: { [key: string]: ComposeValue } = {};
  for (const [key, section] of Object.entries(tree)) {
    if (isReset(section)) continue;
    const entries: { [name: string]: ComposeValue } = {};
    if (!isMap(section)) setOwn(document, key, isPlain(section) ? section : withoutTags(section));
    else setOwn(document, key, entries);
    if (!isMap(section)) continue;
    for (const [name, node] of Object.entries(section)) {
      if (!isReset(node)) setOwn(entries, name, isPlain(node) ? node : withoutTags(node));
    }
  }
  return document;
}

/** Whether a node holds no tag and no comment. */
function isPlain(node: YamlNode): node is ComposeValue {
  if (typeof node !== "object" || node === null) return true;
  if (isList(node)) return node.every(isPlain);
  if (!isMap(node)) return false;
  for (const key in node) if (!isPlain(node[key] ?? null)) return false;
  return true;
}

function withoutTags(node: YamlNode): ComposeValue {
  if (isCommented(node) || isTagged(node)) return withoutTags(node.value);
  if (isList(node)) return node.filter((item) => !isReset(item)).map(withoutTags);
  if (!isMap(node)) return node;
  const map: { [key: string]: ComposeValue } = {};
  for (const [key, value] of Object.entries(node)) if (!isReset(value)) setOwn(map, key, withoutTags(value));
  return map;
}

function isReset(node: YamlNode): boolean {
  const inner = isCommented(node) ? node.value : node;
  return isTagged(inner) && inner.tag === "!reset";
}
