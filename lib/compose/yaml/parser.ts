import { type Behaviour, behaviourOf, STANDARD } from "../version";
import type { Mark } from "./cursor";
import { parseError, YamlError } from "./error";
import { CORE } from "./scan-tag";
import { Scanner } from "./scanner";
import { MAX_DEPTH, type Token, type TokenType } from "./token";

interface Common {
  /** Empty when none is written; otherwise as `!!str`, `!reset`, `!`. */
  readonly tag: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface YamlScalar extends Common {
  readonly kind: "scalar";
  readonly value: string;
  /** A plain scalar can be a number, a boolean or null. */
  readonly plain: boolean;
}

export interface YamlSequence extends Common {
  readonly kind: "sequence";
  readonly items: YamlNode[];
}

export interface YamlMapping extends Common {
  readonly kind: "mapping";
  readonly entries: (readonly [key: YamlNode, value: YamlNode])[];
}

export interface YamlAlias extends Common {
  readonly kind: "alias";
  readonly name: string;
  readonly target: YamlNode;
}

export type YamlNode = YamlScalar | YamlSequence | YamlMapping | YamlAlias;

export interface YamlStream {
  /** Whether nobody has printed the documents. @default false */
  readonly isTree?: boolean;
  readonly documents: readonly YamlNode[];
  /** Whether any value stands in more than one place. */
  readonly hasAliases: boolean;
  /** What stopped the reading. The documents before it are good. */
  readonly error?: YamlError;
}

const ENDS_VALUE: ReadonlySet<TokenType> = new Set(["key", "value", "block-end"]);
const ENDS_DOCUMENT: ReadonlySet<TokenType> = new Set(["directive", "document-start", "document-end", "end"]);

/** The part of a tag that a `%TAG` directive can give a meaning: `!`, `!!` or `!name!`. */
const HANDLE = /^!(?:[\w-]*!)?/;

/** Where a value that is not there would stand: behind its sign. */
function behind({ index, line, column, type }: Token): Mark {
  const length = type === "value" || type === "-" ? 1 : 0;
  return { index, line, column: column + length };
}

class Parser {
  readonly documents: YamlNode[] = [];
  hasAliases = false;
  private readonly scanner: Scanner;
  private readonly anchors = new Map<string, YamlNode>();
  private handles = new Map<string, string>();
  private depth = 0;
  private readonly newer: boolean;

  constructor(
    text: string,
    private readonly behaviour: Behaviour,
  ) {
    this.scanner = new Scanner(text, behaviour);
    this.newer = behaviour.does("readsNewerYaml");
  }

  parse(): void {
    const leadingEnd = this.behaviour.does("namesYamlStage");
    let implicit = true;
    for (let first = true; ; first = false) {
      while ((!first || leadingEnd) && this.scanner.peek().type === "document-end") this.scanner.next();
      const token = this.scanner.peek();
      if (token.type === "end") return;
      this.handles = new Map();
      const directives = this.directives();
      const explicit = this.scanner.peek().type === "document-start";
      if (explicit) this.scanner.next();
      else if (!implicit || directives) {
        throw parseError("did not find expected <document start>", this.scanner.peek());
      }
      const next = this.scanner.peek();
      const document = explicit && ENDS_DOCUMENT.has(next.type) ? this.empty(next) : this.node(true, false);
      // Older releases give a document before they see that nothing may stand behind it.
      if (!this.newer) this.documents.push(document);
      const after = this.scanner.peek();
      if (this.newer && after.type === "directive") {
        throw parseError("did not find expected <document end> before directive", after);
      }
      if (!ENDS_DOCUMENT.has(after.type)) throw parseError("did not find expected <document start>", after);
      implicit = this.newer && after.type === "document-end";
      if (!this.newer) continue;
      this.documents.push(document);
      this.anchors.clear();
    }
  }

  private directives(): boolean {
    let seen = false;
    for (let token = this.scanner.peek(); token.type === "directive"; token = this.scanner.peek()) {
      seen = true;
      this.scanner.next();
      const [name, first = "", second = ""] = token.value.split(" ");
      if (name === "TAG") this.handles.set(first, second);
      else if (first !== "1.1") throw parseError("found incompatible YAML document", token);
    }
    return seen;
  }

  private empty(mark: Mark): YamlScalar {
    return { kind: "scalar", tag: "", value: "", plain: true, line: mark.line + 1, column: mark.column + 1 };
  }

  private tag(written: string, start: Mark): string {
    const [handle = ""] = HANDLE.exec(written) ?? [];
    const prefix = written === "!" ? undefined : this.handles.get(handle);
    if (prefix !== undefined) {
      const full = prefix + written.slice(handle.length);
      return full.startsWith(CORE) ? `!!${full.slice(CORE.length)}` : full;
    }
    if (handle.length > 2) throw parseError("found undefined tag handle", start, "while parsing a node");
    return written;
  }

  private node(block: boolean, indentless: boolean): YamlNode {
    if (++this.depth > 2 * MAX_DEPTH) {
      throw parseError(`exceeded max depth of ${MAX_DEPTH}`, this.scanner.peek());
    }
    const result = this.nodeInside(block, indentless);
    this.depth--;
    return result;
  }

  private nodeInside(block: boolean, indentless: boolean): YamlNode {
    const { scanner } = this;
    const first = scanner.peek();
    const line = first.line + 1;
    const column = first.column + 1;
    if (first.type === "scalar") {
      scanner.next();
      return { kind: "scalar", tag: "", value: first.value, plain: first.style === "plain", line, column };
    }
    if (first.type === "alias") {
      scanner.next();
      const target = this.anchors.get(first.value);
      if (target === undefined) {
        throw new YamlError("composer", `unknown anchor '${first.value}' referenced`, first);
      }
      this.hasAliases = true;
      return { kind: "alias", tag: "", name: first.value, target, line, column };
    }
    let anchor: string | undefined;
    let tag = "";
    for (let token = first; ; token = scanner.peek()) {
      if (token.type === "anchor" && anchor === undefined) anchor = token.value;
      else if (token.type === "tag" && tag === "") tag = this.tag(token.value, first);
      else break;
      scanner.next();
    }
    const token = scanner.peek();
    const common = { tag, line, column };
    const register = <T extends YamlNode>(node: T): T => {
      if (anchor !== undefined) this.anchors.set(anchor, node);
      return node;
    };
    if (token.type === "scalar") {
      scanner.next();
      return register({ kind: "scalar", ...common, value: token.value, plain: token.style === "plain" });
    }
    if (token.type === "[") return this.flowSequence(register({ kind: "sequence", ...common, items: [] }));
    if (token.type === "{") return this.flowMapping(register({ kind: "mapping", ...common, entries: [] }));
    if (indentless && token.type === "-") {
      return this.indentless(register({ kind: "sequence", ...common, items: [] }));
    }
    if (block && token.type === "block-sequence") {
      return this.blockSequence(register({ kind: "sequence", ...common, items: [] }));
    }
    if (block && token.type === "block-mapping") {
      return this.blockMapping(register({ kind: "mapping", ...common, entries: [] }));
    }
    if (anchor !== undefined || tag !== "") return register({ kind: "scalar", ...common, value: "", plain: true });
    throw parseError(
      "did not find expected node content",
      token,
      `while parsing a ${block ? "block" : "flow"} node`,
      first,
    );
  }

  private blockSequence(node: YamlSequence): YamlSequence {
    const start = this.scanner.next();
    for (;;) {
      const token = this.scanner.next();
      if (token.type === "block-end") return node;
      if (token.type !== "-") {
        throw parseError("did not find expected '-' indicator", token, "while parsing a block collection", start);
      }
      const next = this.scanner.peek();
      const empty = next.type === "-" || next.type === "block-end";
      node.items.push(empty ? this.empty(behind(token)) : this.node(true, false));
    }
  }

  private indentless(node: YamlSequence): YamlSequence {
    while (this.scanner.peek().type === "-") {
      const dash = this.scanner.next();
      const next = this.scanner.peek();
      const empty = next.type === "-" || ENDS_VALUE.has(next.type);
      node.items.push(empty ? this.empty(behind(dash)) : this.node(true, false));
    }
    return node;
  }

  private blockMapping(node: YamlMapping): YamlMapping {
    const start = this.scanner.next();
    for (;;) {
      const token = this.scanner.peek();
      if (token.type === "block-end") {
        this.scanner.next();
        return node;
      }
      if (token.type !== "key" && !(this.newer && token.type === "value")) {
        throw parseError("did not find expected key", token, "while parsing a block mapping", start);
      }
      node.entries.push([this.blockPart("key"), this.blockPart("value")]);
    }
  }

  private blockPart(type: "key" | "value"): YamlNode {
    const token = this.scanner.peek();
    if (token.type !== type) return this.empty(token);
    this.scanner.next();
    return ENDS_VALUE.has(this.scanner.peek().type) ? this.empty(behind(token)) : this.node(true, true);
  }

  /** Steps over `[` and between the entries; `false` at the end. */
  private flowEntry(start: Token, close: "]" | "}", first: boolean): boolean {
    if (!first && this.scanner.peek().type !== close) {
      const token = this.scanner.peek();
      if (token.type !== ",") {
        const doing = `while parsing a flow ${close === "]" ? "sequence" : "mapping"}`;
        throw parseError(`did not find expected ',' or '${close}'`, token, doing, start);
      }
      this.scanner.next();
    }
    if (this.scanner.peek().type !== close) return true;
    this.scanner.next();
    return false;
  }

  private flowPart(close: "]" | "}", type: "key" | "value"): YamlNode {
    const token = this.scanner.peek();
    if (token.type !== type) return this.empty(token);
    this.scanner.next();
    const next = this.scanner.peek().type;
    const ends = next === "," || next === close || (type === "key" && next === "value");
    return ends ? this.empty(behind(token)) : this.node(false, false);
  }

  private flowSequence(node: YamlSequence): YamlSequence {
    const start = this.scanner.next();
    for (let first = true; this.flowEntry(start, "]", first); first = false) {
      const token = this.scanner.peek();
      if (token.type === "key" || (this.newer && token.type === "value")) {
        const { line, column } = token;
        const pair: YamlMapping = { kind: "mapping", tag: "", entries: [], line: line + 1, column: column + 1 };
        pair.entries.push([this.flowPart("]", "key"), this.flowPart("]", "value")]);
        node.items.push(pair);
      } else node.items.push(this.node(false, false));
    }
    return node;
  }

  private flowMapping(node: YamlMapping): YamlMapping {
    const start = this.scanner.next();
    for (let first = true; this.flowEntry(start, "}", first); first = false) {
      const { type } = this.scanner.peek();
      if (type === "key" || (this.newer && type === "value")) {
        node.entries.push([this.flowPart("}", "key"), this.flowPart("}", "value")]);
      } else {
        const key = this.node(false, false);
        const value = this.newer ? this.flowPart("}", "value") : this.empty(this.scanner.peek());
        node.entries.push([key, value]);
      }
    }
    return node;
  }
}

/** Reads all documents of a YAML text; anchors hold to the end of the text, as in Compose's reader. Never throws on bad YAML: see `error`. */
export function parseYaml(text: string, behaviour = behaviourOf(STANDARD)): YamlStream {
  let parser: Parser | undefined;
  try {
    parser = new Parser(text, behaviour);
    parser.parse();
    return { documents: parser.documents, hasAliases: parser.hasAliases };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { documents: parser?.documents ?? [], hasAliases: parser?.hasAliases ?? false, error };
  }
}
