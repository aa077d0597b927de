import {
  Cursor,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isEnd,
  isWord,
  type Mark,
  SPACE,
  TAB,
  YamlError,
  yamlError,
} from "./cursor";
import { scanBlock, scanPlain, scanQuoted } from "./scan-scalar";
import { scanDirective, scanTag } from "./scan-tag";
import {
  AFTER_ANCHOR,
  FLOW_END,
  FLOW_START,
  FORBIDDEN_TEXT,
  KEY_LENGTH,
  MAX_DEPTH,
  NO_PLAIN_START,
  startsWord,
  type Token,
  type TokenType,
} from "./token";

/** A token that becomes a key when a `:` follows on the same line. */
interface SimpleKey extends Mark {
  readonly token: number;
  readonly required: boolean;
}

/** Cuts a YAML text into tokens; block structure comes out as `block-…` tokens. */
export class Scanner {
  private readonly cursor: Cursor;
  private queue: Token[] = [];
  private head = 0;
  private taken = 0;
  private indent = -1;
  private readonly indents: number[] = [];
  /** One place per flow level. */
  private readonly keys: (SimpleKey | undefined)[] = [undefined];
  private keyAllowed = true;
  private ended = false;

  constructor(text: string) {
    const bad = FORBIDDEN_TEXT.exec(text);
    if (bad !== null) {
      const before = text.slice(0, bad.index).split(/\r\n|[\n\r]/);
      throw new YamlError("yaml: control characters are not allowed", before.length, (before.at(-1)?.length ?? 0) + 1);
    }
    this.cursor = new Cursor(text);
  }

  peek(): Token {
    while (this.needsMore()) this.fetch();
    const token = this.queue[this.head];
    if (token === undefined) throw new Error("the scanner gave no token");
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.head++;
    this.taken++;
    if (this.head > 1024) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    return token;
  }

  private get inFlow(): boolean {
    return this.keys.length > 1;
  }

  private needsMore(): boolean {
    if (this.ended) return false;
    if (this.head >= this.queue.length) return true;
    for (let level = 0; level < this.keys.length; level++) {
      const key = this.keys[level];
      if (key !== undefined && key.token === this.taken) return this.stillPossible(key, level);
    }
    return false;
  }

  private stillPossible(key: SimpleKey, level: number): boolean {
    if (key.line === this.cursor.line && key.index + KEY_LENGTH >= this.cursor.pos) return true;
    this.dropKey(key);
    this.keys[level] = undefined;
    return false;
  }

  private dropKey(key: SimpleKey | undefined): void {
    if (key?.required === true) {
      throw yamlError("scan", "could not find expected ':'", this.cursor.mark(), key);
    }
  }

  private removeKey(): void {
    const level = this.keys.length - 1;
    this.dropKey(this.keys[level]);
    this.keys[level] = undefined;
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    this.removeKey();
    const { pos: index, line, column } = this.cursor;
    this.keys[this.keys.length - 1] = {
      token: this.taken + this.queue.length - this.head,
      index,
      line,
      column,
      required: !this.inFlow && this.indent === column,
    };
  }

  private push(type: TokenType, { index, line, column }: Mark, value = "", style: Token["style"] = "plain"): void {
    this.queue.push({ type, index, line, column, value, style });
  }

  /** A token without value where the cursor stands. */
  private pushHere(type: TokenType): void {
    const { pos: index, line, column } = this.cursor;
    this.queue.push({ type, index, line, column, value: "", style: "plain" });
  }

  private fetch(): void {
    const { cursor } = this;
    this.skipToToken();
    this.unroll(cursor.column);
    if (isEnd(cursor.code())) {
      this.unroll(-1);
      this.removeKey();
      this.keyAllowed = false;
      this.ended = true;
      // A text without a final line break ends, for the messages, on a line of its own.
      const { index, line, column } = cursor.mark();
      this.push("end", { index, line: column === 0 ? line : line + 1, column: 0 });
      return;
    }
    const code = cursor.code();
    if (startsWord(code)) {
      this.fetchPlain();
      return;
    }
    const char = cursor.text.charAt(cursor.pos);
    const marker = cursor.atDocumentMarker();
    const next = cursor.code(1);
    if (cursor.column === 0 && char === "%") this.fetchDirective();
    else if (marker !== undefined) this.fetchMarker(marker);
    else if (FLOW_START.has(char)) this.fetchFlowStart(char === "[" ? "[" : "{");
    else if (FLOW_END.has(char)) this.fetchFlowEnd(char === "]" ? "]" : "}");
    else if (char === ",") this.fetchComma();
    else if (char === "-" && isBlankOrEnd(next)) this.fetchEntry();
    else if (char === "?" && (this.inFlow || isBlankOrEnd(next))) this.fetchExplicitKey();
    else if (char === ":" && (this.inFlow || isBlankOrEnd(next))) this.fetchValue();
    else if (char === "*" || char === "&") this.fetchAnchor(char === "*" ? "alias" : "anchor");
    else if (char === "!") this.fetchTag();
    else if ((char === "|" || char === ">") && !this.inFlow) this.fetchBlock(char === "|");
    else if (char === "'" || char === '"') this.fetchQuoted(char === "'");
    else if (this.startsPlain(char, next)) this.fetchPlain();
    else throw yamlError("scan", "found character that cannot start any token", cursor.mark(), cursor.mark());
  }

  private startsPlain(char: string, next: number): boolean {
    if (!NO_PLAIN_START.has(char)) return !isBlank(char.charCodeAt(0));
    if (char === "-") return !isBlank(next);
    return !this.inFlow && (char === "?" || char === ":") && !isBlankOrEnd(next);
  }

  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      if (cursor.column === 0 && cursor.code() === 0xfeff) cursor.pos++;
      const tabs = this.inFlow || !this.keyAllowed;
      for (let code = cursor.code(); code === SPACE || (tabs && code === TAB); code = cursor.code()) cursor.pos++;
      if (cursor.code() === 0x23) cursor.skipToBreak();
      if (!isBreak(cursor.code())) return;
      cursor.skipBreak();
      if (!this.inFlow) this.keyAllowed = true;
    }
  }

  private roll(column: number, type: TokenType, mark: Mark, before?: number): void {
    if (this.inFlow || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > MAX_DEPTH) {
      throw yamlError("scan", `exceeded max depth of ${MAX_DEPTH}`, this.cursor.mark(), mark);
    }
    const { index, line, column: at } = mark;
    this.insert({ type, index, line, column: at, value: "", style: "plain" }, before);
  }

  private insert(token: Token, before: number | undefined): void {
    if (before === undefined) this.queue.push(token);
    else this.queue.splice(this.head + before - this.taken, 0, token);
  }

  private unroll(column: number): void {
    if (this.inFlow) return;
    while (this.indent > column) {
      this.pushHere("block-end");
      this.indent = this.indents.pop() ?? -1;
    }
  }

  private fetchDirective(): void {
    this.unroll(-1);
    this.removeKey();
    this.keyAllowed = false;
    const mark = this.cursor.mark();
    this.push("directive", mark, scanDirective(this.cursor));
  }

  private fetchMarker(marker: "---" | "..."): void {
    this.unroll(-1);
    this.removeKey();
    this.keyAllowed = false;
    this.pushHere(marker === "---" ? "document-start" : "document-end");
    this.cursor.pos += 3;
  }

  private fetchFlowStart(type: "[" | "{"): void {
    this.saveKey();
    this.keys.push(undefined);
    if (this.keys.length > MAX_DEPTH) {
      throw yamlError("scan", `exceeded max depth of ${MAX_DEPTH}`, this.cursor.mark(), this.cursor.mark());
    }
    this.keyAllowed = true;
    this.pushHere(type);
    this.cursor.pos++;
  }

  private fetchFlowEnd(type: "]" | "}"): void {
    this.removeKey();
    if (this.inFlow) this.keys.pop();
    this.keyAllowed = false;
    this.pushHere(type);
    this.cursor.pos++;
  }

  private fetchComma(): void {
    this.removeKey();
    this.keyAllowed = true;
    this.push(",", this.cursor.mark());
    this.cursor.pos++;
  }

  private require(allowed: string): void {
    if (!this.inFlow && !this.keyAllowed) {
      throw yamlError("scan", `${allowed} are not allowed in this context`, this.cursor.mark());
    }
  }

  private fetchEntry(): void {
    this.require("block sequence entries");
    this.roll(this.cursor.column, "block-sequence", this.cursor.mark());
    this.removeKey();
    this.keyAllowed = true;
    this.pushHere("-");
    this.cursor.pos++;
  }

  private fetchExplicitKey(): void {
    this.require("mapping keys");
    this.roll(this.cursor.column, "block-mapping", this.cursor.mark());
    this.removeKey();
    this.keyAllowed = !this.inFlow;
    this.pushHere("key");
    this.cursor.pos++;
  }

  private fetchValue(): void {
    const level = this.keys.length - 1;
    const key = this.keys[level];
    if (key !== undefined && this.stillPossible(key, level)) {
      const { index, line, column } = key;
      this.insert({ type: "key", index, line, column, value: "", style: "plain" }, key.token);
      this.roll(key.column, "block-mapping", key, key.token);
      this.keys[level] = undefined;
      this.keyAllowed = false;
    } else {
      this.require("mapping values");
      this.roll(this.cursor.column, "block-mapping", this.cursor.mark());
      this.keyAllowed = !this.inFlow;
    }
    this.pushHere("value");
    this.cursor.pos++;
  }

  private fetchAnchor(type: "alias" | "anchor"): void {
    this.saveKey();
    this.keyAllowed = false;
    const { cursor } = this;
    const mark = cursor.mark();
    const from = ++cursor.pos;
    while (isWord(cursor.code())) cursor.pos++;
    const name = cursor.text.slice(from, cursor.pos);
    if (name === "" || !(isBlankOrEnd(cursor.code()) || AFTER_ANCHOR.has(cursor.text.charAt(cursor.pos)))) {
      throw yamlError("scan", "did not find expected alphabetic or numeric character", cursor.mark(), mark);
    }
    this.push(type, mark, name);
  }

  private fetchTag(): void {
    this.saveKey();
    this.keyAllowed = false;
    const mark = this.cursor.mark();
    this.push("tag", mark, scanTag(this.cursor));
  }

  private fetchBlock(literal: boolean): void {
    this.removeKey();
    this.keyAllowed = true;
    const mark = this.cursor.mark();
    this.push("scalar", mark, scanBlock(this.cursor, literal, this.indent), "block");
  }

  private fetchQuoted(single: boolean): void {
    this.saveKey();
    this.keyAllowed = false;
    const mark = this.cursor.mark();
    this.push("scalar", mark, scanQuoted(this.cursor, single, mark), "quoted");
  }

  private fetchPlain(): void {
    this.saveKey();
    const mark = this.cursor.mark();
    const value = scanPlain(this.cursor, this.inFlow, this.indent + 1, mark);
    // Behind a line break, a key may start where the next token stands.
    this.keyAllowed = this.cursor.line > mark.line && this.brokeBehind();
    this.push("scalar", mark, value);
  }

  /** Whether nothing but blanks stands between the last line break and the cursor. */
  private brokeBehind(): boolean {
    const { cursor } = this;
    for (let back = 1; back <= cursor.column; back++) if (!isBlank(cursor.code(-back))) return false;
    return true;
  }
}
