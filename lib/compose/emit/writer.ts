import { EmitError, type EmitErrorCode, MAX_DEPTH, notYaml, tooDeep } from "./error";
import { type ComposeTag, isCommented, isList, isMap, isTagged, type YamlNode } from "./node";
import { isPlain, literalHeader, numberText, quote } from "./scalar";
import { commentLines, hasLoneSurrogate } from "./text";

const TAGS: ReadonlySet<unknown> = new Set<ComposeTag>(["!reset", "!override"]);
const INDENTS = Array.from({ length: MAX_DEPTH + 1 }, (_, level) => "  ".repeat(level));
/** Readers refuse a key that ends more than 1,024 characters after its start, unless a `?` announces it. */
const LONGEST_KEY = 1000;

/** Lines that are joined at a time. Over a hundred thousand small strings kept until the end cost twice the time. */
const CHUNK = 256;

/**
 * One document on its way to text. `depth` is the number of collections around a value, and thereby its indentation.
 * The recursion goes as deep as the document does, which has a limit.
 */
export class Writer {
  private readonly lines: string[] = [];
  private readonly chunks: string[] = [];
  private readonly path: (string | number)[] = [];
  private readonly ancestors: unknown[] = [];
  private readonly keys = new Map<string, string>();

  /** @param apart whether an entry has an empty line above it */
  constructor(private readonly apart?: (path: readonly (string | number)[]) => boolean) {}

  document(document: YamlNode): string {
    let node = document;
    while (isCommented(node)) {
      this.comment(node.comment, "");
      node = node.value;
    }
    if (isTagged(node)) throw this.error("yaml-tag", "a document takes no tag; tag its keys", 0);
    if (!this.entries(node, "", "", 0)) {
      this.write(`${typeof node === "string" ? this.oneLine(node, 0) : this.short(node, 0)}\n`);
    }
    this.flush();
    return this.chunks.join("");
  }

  private write(text: string): void {
    if (this.lines.push(text) === CHUNK) this.flush();
  }

  private flush(): void {
    this.chunks.push(this.lines.join(""));
    this.lines.length = 0;
  }

  /**
   * Writes a list or a mapping that has entries, and says whether the node was one.
   *
   * @param opening the line that announces it, if it needs one
   * @param start what stands before the first entry: its indentation, or the dash that holds the whole
   */
  private entries(node: YamlNode | undefined, opening: string, start: string, depth: number): boolean {
    if (isList(node)) {
      if (node.length === 0) return false;
      this.enter(node, opening, depth);
      let before = start;
      for (let index = 0; index < node.length; index++) {
        this.path[depth] = index;
        if (index > 0) this.space(depth);
        this.entry(before, "-", node[index], depth);
        before = indentation(depth);
      }
      return true;
    }
    if (!isMap(node)) return false;
    const keys = Object.keys(node);
    if (keys.length === 0) return false;
    this.enter(node, opening, depth);
    let before = start;
    let first = true;
    for (const key of keys) {
      this.path[depth] = key;
      if (!first) this.space(depth);
      first = false;
      this.entry(before, this.key(key, depth), node[key], depth);
      before = indentation(depth);
    }
    return true;
  }

  /** The empty line above an entry, if it has one. */
  private space(depth: number): void {
    if (this.apart?.(this.path.slice(0, depth + 1)) === true) this.write("\n");
  }

  private enter(collection: unknown, opening: string, depth: number): void {
    this.ancestors[depth] = collection;
    if (depth === MAX_DEPTH) throw tooDeep(this.path.slice(0, depth), this.ancestors.slice(0, depth + 1));
    if (opening !== "") this.write(opening);
  }

  private entry(start: string, head: string, node: YamlNode | undefined, depth: number): void {
    let value = node;
    let tag = "";
    let behind = "";
    while (typeof value === "object" && value !== null) {
      if (isCommented(value) && value.isBehind) {
        behind = commentLines(value.comment).map((text) => ` ${text}`)[0] ?? "";
      } else if (isCommented(value)) {
        this.comment(value.comment, start.slice(0, start.length - start.trimStart().length));
      } else if (isTagged(value)) {
        if (tag !== "" || !TAGS.has(value.tag)) {
          throw this.error("yaml-tag", "a value takes one tag, !reset or !override", depth + 1);
        }
        tag = ` ${value.tag}`;
      } else break;
      value = value.value;
    }
    let line = start + head + tag;
    if (head.length > LONGEST_KEY) {
      this.write(`${start}? ${head.slice(0, -1)}\n`);
      line = `${indentation(depth)}:${tag}`;
    }
    if (typeof value === "string") this.string(line, value, behind, depth + 1);
    else {
      const compact = head === "-" && tag === "";
      const opening = compact ? "" : `${line}\n`;
      const inner = compact ? `${line} ` : indentation(depth + 1);
      if (!this.entries(value, opening, inner, depth + 1)) {
        this.write(`${line} ${this.short(value, depth + 1)}${behind}\n`);
      }
    }
  }

  private key(key: string, depth: number): string {
    let text = this.keys.get(key);
    if (text === undefined) {
      text = `${this.oneLine(key, depth + 1)}:`;
      this.keys.set(key, text);
    }
    return text;
  }

  private string(line: string, value: string, behind: string, depth: number): void {
    const header = literalHeader(value);
    if (header === undefined) {
      this.write(`${line} ${this.oneLine(value, depth)}${behind}\n`);
      return;
    }
    this.refuseLoneSurrogate(value, depth);
    this.write(`${line} ${header}${behind}\n`);
    const indent = indentation(depth);
    const lines = value.split("\n");
    if (lines.at(-1) === "") lines.pop();
    for (const row of lines) this.write(row === "" ? "\n" : `${indent}${row}\n`);
  }

  private oneLine(text: string, depth: number): string {
    if (isPlain(text)) return text;
    this.refuseLoneSurrogate(text, depth);
    return quote(text);
  }

  private refuseLoneSurrogate(text: string, depth: number): void {
    if (!hasLoneSurrogate(text)) return;
    throw this.error("yaml-text", "the text has half of a surrogate pair, which UTF-8 cannot hold", depth);
  }

  /** What is neither text nor a collection with entries. */
  private short(value: YamlNode | undefined, depth: number): string {
    if (value === null) return "null";
    if (typeof value === "boolean") return value ? "true" : "false";
    if (typeof value === "number") {
      if (Number.isFinite(value)) return numberText(value);
      throw this.error("yaml-number", "the number is not finite", depth);
    }
    if (isList(value)) return "[]";
    if (isMap(value)) return "{}";
    throw notYaml(value, this.path.slice(0, depth));
  }

  private comment(comment: string, indent: string): void {
    for (const line of commentLines(comment)) this.write(`${indent}${line}\n`);
  }

  private error(code: EmitErrorCode, reason: string, depth: number): EmitError {
    return new EmitError(code, this.path.slice(0, depth), reason);
  }
}

function indentation(depth: number): string {
  return INDENTS[depth] ?? "";
}
