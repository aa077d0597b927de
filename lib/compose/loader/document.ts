import { ComposeError } from "../error";
import { quote } from "../tree/gotext";
import { list, type MapNode, type Node, type Origin, text } from "../tree/node";
import { below, keysOf, type Path } from "../tree/rules";
import { type Behaviour, behaviourOf, STANDARD } from "../version";
import { valueErrors } from "../yaml/error";
import type { YamlAlias, YamlMapping, YamlNode, YamlScalar, YamlSequence } from "../yaml/parser";
import { type Resolved, resolveScalar, ScalarError } from "../yaml/resolve";
import { MAX_DEPTH } from "../yaml/token";
import { AliasCount, isMergeKey } from "./alias-count";
import { AliasVisits } from "./alias-visits";

/** One document of a file as plain values, and the places that it asks to be cleared in the files before it. */
export interface Document {
  readonly root: Node;
  /** Paths of the nodes with `!reset` or `!override`, in keys; a list position is its number. */
  readonly resets: readonly (readonly string[])[];
}

export interface DocumentOptions {
  /** @default that of the release that is meant when nobody says another */
  readonly behaviour?: Behaviour;
  /** Whether nobody has printed the document: then every release reads it alike. @default false */
  readonly isTree?: boolean | undefined;
  /** `false` when the text has no aliases: then nothing needs to be counted. @default true */
  readonly aliases?: boolean;
}

/** Of more values than this, aliases written out, Compose itself never comes to an end. */
const MOST_VALUES = 2_000_000;
/** Aliases of aliases can nest deeper than what is written: the walks of later stages recurse. */
const MOST_DEPTH = 2 * MAX_DEPTH;
/** Values of a key that is none, which an error prints. */
const MOST_PRINTED = 10_000;

interface Size {
  /** How many values. */
  readonly total: number;
  readonly depth: number;
}

class Reader {
  readonly resets: string[][] = [];
  private readonly shared = new Map<YamlNode, Node>();
  private readonly tagged = new Map<YamlNode, boolean>();
  private readonly sizes = new Map<YamlNode, Size>();
  private readonly dropped = new Set<YamlNode>();
  private readonly visits = new AliasVisits();
  private printed = 0;
  /** Alias targets that are being read, with the path where each stands. */
  private readonly active = new Map<YamlNode, Path | undefined>();
  readonly does: Behaviour["does"];

  constructor(
    private readonly file: string,
    private readonly options: DocumentOptions,
    /** Where the document begins. */
    private readonly line: number,
  ) {
    this.does = (options.behaviour ?? behaviourOf(STANDARD)).does;
  }

  origin(node: YamlNode, at?: Path): Origin {
    return { file: this.file, line: node.line, column: node.column, at };
  }

  fail(message: string, node: YamlNode): ComposeError {
    const words = this.does("wrapsYamlErrors") ? valueErrors([`line ${this.line}: ${message}`], this.does) : message;
    return new ComposeError("yaml", `failed to parse ${this.file}: ${words}`, this.origin(node));
  }

  /** A mistake that Compose's reader of YAML finds in a value. */
  failValue(problem: string, node: YamlNode, stage: "constructor" | "resolver" = "constructor"): ComposeError {
    if (!this.does("namesYamlStage")) return this.fail(`yaml: ${problem}`, node);
    const place = stage === "resolver" ? "<unknown position>" : `L${node.line}.C${node.column}`;
    return this.fail(`go-yaml load error in ${stage} at ${place}: ${problem}`, node);
  }

  /** `undefined` when the node is to disappear. `literal` below an `!override`, where tags have no meaning. */
  read(node: YamlNode, path: Path | undefined, literal: boolean): Node | undefined {
    if (node.kind === "alias") return this.readAlias(node, path, literal);
    if (node.tag === "!reset" && !literal) {
      if (this.does("resetEveryAlias") || !this.dropped.has(node)) this.resets.push(keysOf(path));
      this.dropped.add(node);
      return undefined;
    }
    if (node.tag === "!override" && !literal) {
      this.resets.push(keysOf(path));
      return this.readHere(node, path, true);
    }
    return this.readHere(node, path, literal);
  }

  private readHere(node: Exclude<YamlNode, YamlAlias>, path: Path | undefined, literal: boolean): Node | undefined {
    if (node.kind === "scalar") return this.readScalar(node, path);
    if (this.options.aliases === false) return this.readInside(node, path, literal);
    this.active.set(node, path);
    const result = this.readInside(node, path, literal);
    this.active.delete(node);
    return result;
  }

  private readInside(node: YamlSequence | YamlMapping, path: Path | undefined, literal: boolean): Node {
    return node.kind === "sequence" ? this.readSequence(node, path, literal) : this.readMapping(node, path, literal);
  }

  private readAlias(node: YamlAlias, path: Path | undefined, literal: boolean): Node | undefined {
    const { target } = node;
    if (this.active.has(target)) {
      const here = keysOf(path);
      const again = [...here, ...here.slice(keysOf(this.active.get(target)).length)].join(".");
      throw this.cycle(again, here.join("."), node);
    }
    const nested = literal ? undefined : this.visits.add(target, path);
    if (nested !== undefined) throw this.cycle(keysOf(path).join("."), nested.join("."), node);
    if (this.isTagged(target)) return this.read(target, path, literal);
    const known = this.shared.get(target);
    if (known !== undefined) return known;
    const result = this.read(target, path, literal);
    if (result !== undefined) this.shared.set(target, result);
    return result;
  }

  private cycle(here: string, there: string, node: YamlNode): ComposeError {
    return this.fail(`cycle detected: node at path ${here} references node at path ${there}`, node);
  }

  /** Whether reading the node has the effect of recording paths. */
  private isTagged(node: YamlNode): boolean {
    const known = this.tagged.get(node);
    if (known !== undefined) return known;
    this.tagged.set(node, false);
    const result =
      node.tag === "!reset" ||
      node.tag === "!override" ||
      (node.kind === "alias" && this.isTagged(node.target)) ||
      (node.kind === "sequence" && node.items.some((item) => this.isTagged(item))) ||
      (node.kind === "mapping" && node.entries.some(([, value]) => this.isTagged(value)));
    this.tagged.set(node, result);
    return result;
  }

  private resolve(node: YamlScalar): Resolved {
    try {
      return resolveScalar(node.value, node.tag, node.plain);
    } catch (error) {
      if (!(error instanceof ScalarError)) throw error;
      const problem = this.does("namesYamlPlaces") ? error.message.replace("decode", "construct") : error.message;
      throw this.failValue(problem, node, error.stage);
    }
  }

  private readScalar(node: YamlScalar, path: Path | undefined): Node {
    const origin = this.origin(node, path);
    if (!node.plain && node.tag === "") return text(node.value, origin);
    if (node.tag === "!" && this.does("readsTaggedAsText")) return text(node.value, origin);
    const { type, value } = this.resolve(node);
    return { kind: "scalar", type, value, origin };
  }

  private readSequence(node: YamlSequence, path: Path | undefined, literal: boolean): Node {
    const items: Node[] = [];
    for (const [index, item] of node.items.entries()) {
      const read = this.read(item, below(path, String(index)), literal);
      if (read !== undefined) items.push(read);
    }
    return list(items, this.origin(node, path));
  }

  private readMapping(node: YamlMapping, path: Path | undefined, literal: boolean): Node {
    const entries = new Map<string, Node>();
    const merges: [YamlNode, Node][] = [];
    // A mapping of a tree is an object, which has a key once.
    const lines = literal || this.options.isTree === true ? undefined : new Map<string, number>();
    for (const [key, value] of node.entries) {
      if (lines !== undefined) this.refuseTwin(key, lines);
      if (isMergeKey(key)) {
        const read = this.read(value, path, literal);
        if (read !== undefined) merges.push([value, read]);
        continue;
      }
      const keyName = this.keyText(key, path);
      const read = this.read(value, below(path, keyName), literal);
      if (read !== undefined) entries.set(keyName, read);
    }
    for (const [source, value] of merges) this.merge(entries, source, value);
    return { kind: "map", entries, origin: this.origin(node, path) };
  }

  private refuseTwin(key: YamlNode, lines: Map<string, number>): void {
    const name = key.kind === "scalar" ? key.value : key.kind === "alias" ? key.name : "";
    const line = lines.get(name);
    if (line !== undefined) {
      throw this.fail(`line ${key.line}: mapping key ${quote(name)} already defined at line ${line}`, key);
    }
    lines.set(name, key.line);
  }

  private keyText(key: YamlNode, path: Path | undefined): string {
    const scalar = key.kind === "alias" ? key.target : key;
    if (scalar.kind !== "scalar") {
      const written = this.goSyntax(scalar);
      const use = `cannot use '${written}' as a map key; try decoding into yaml.Node`;
      throw this.failValue(this.does("wrapsYamlErrors") ? use : `invalid map key: ${written}`, key);
    }
    const { type, value } = this.resolve(scalar);
    if (type === "string") return String(value);
    const where = path === undefined ? "at top level" : `in ${keyPrefix(keysOf(path))}`;
    throw new ComposeError("structure", `non-string key ${where}: ${value ?? "<nil>"}`, this.origin(key));
  }

  /** A value as Go's `%#v` prints it. What aliases make larger or deeper than anybody writes it is refused. */
  private goSyntax(node: YamlNode, depth = 0): string {
    if (depth > MOST_DEPTH || this.printed++ > MOST_PRINTED) throw this.bomb(node);
    const inside = (part: YamlNode) => this.goSyntax(part, depth + 1);
    if (node.kind === "alias") return inside(node.target);
    if (node.kind === "sequence") return `[]interface {}{${node.items.map(inside).join(", ")}}`;
    if (node.kind === "mapping") {
      const entries = node.entries.map(([key, value]) => `${inside(key)}:${inside(value)}`);
      return `map[string]interface {}{${entries.join(", ")}}`;
    }
    const { type, value } = this.resolve(node);
    return type === "string" ? quote(String(value)) : type === "null" ? "interface {}(nil)" : String(value);
  }

  bomb(node: YamlNode): ComposeError {
    return this.failValue("document contains excessive aliasing", node);
  }

  private merge(entries: Map<string, Node>, source: YamlNode, value: Node): void {
    const maps: readonly Node[] = value.kind === "list" ? value.items : [value];
    for (const from of maps) {
      if (from.kind !== "map") throw this.failValue("map merge requires map or sequence of maps as the value", source);
      for (const [key, entry] of from.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }

  /** How many values a node stands for when its aliases are written out, and how deep; no walk is repeated. */
  size(node: YamlNode): Size {
    const known = this.sizes.get(node);
    if (known !== undefined) return known;
    let total = 1;
    let deepest = 0;
    const add = (part: Size) => {
      total += part.total;
      deepest = Math.max(deepest, part.depth);
    };
    if (node.kind === "alias") add(this.size(node.target));
    else if (node.kind === "sequence") for (const item of node.items) add(this.size(item));
    else if (node.kind === "mapping") {
      for (const [, value] of node.entries) add(this.size(value));
      total += node.entries.length;
    }
    const size = { total, depth: deepest + (node.kind === "alias" ? 0 : 1) };
    this.sizes.set(node, size);
    return size;
  }
}

/** `services.web.ports[0]`, the way this one message writes a place. */
function keyPrefix(path: readonly string[]): string {
  return path
    .map((key, index) => (/^\d+$/.test(key) && index > 0 ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
}

interface RootDocument extends Document {
  readonly file: string;
  readonly root: MapNode;
}

/** What was read of trees: each is read for several questions. */
const KNOWN = new WeakMap<YamlNode, RootDocument>();

/**
 * Turns a YAML document into values: aliases and merge keys written out (shared, not copied), `!reset` nodes gone.
 *
 * @throws ComposeError for a duplicate or non-string key, a document that is no mapping, a cycle or a bomb of aliases.
 */
export function readDocument(yaml: YamlNode, file: string, options: DocumentOptions = {}): RootDocument {
  const known = options.isTree === true ? KNOWN.get(yaml) : undefined;
  if (known?.file === file) return known;
  const reader = new Reader(file, options, yaml.line);
  const root = reader.read(yaml, undefined, false);
  if (options.aliases !== false) refuseBomb(reader, yaml);
  if (root?.kind !== "map") {
    throw new ComposeError("structure", "top-level object must be a mapping", reader.origin(yaml));
  }
  const document = { file, root, resets: reader.resets };
  if (options.isTree === true) KNOWN.set(yaml, document);
  return document;
}

function refuseBomb(reader: Reader, yaml: YamlNode): void {
  const { total, depth } = reader.size(yaml);
  if (total > MOST_VALUES || depth > MOST_DEPTH) throw reader.bomb(yaml);
  if (reader.does("countsAliases")) new AliasCount((node) => reader.bomb(node)).add(yaml);
}
