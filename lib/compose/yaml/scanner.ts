import type { Behaviour } from "../version";
import {
  BYTE_ORDER_MARK,
  Cursor,
  HASH,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isEnd,
  type Mark,
  SPACE,
  TAB,
} from "./cursor";
import { controlCharacter, scanError } from "./error";
import { scanAnchor } from "./scan-anchor";
import { scanBlock } from "./scan-block";
import {
  endsInFlow,
  endsInNewerFlow,
  endsInNewestFlow,
  type FlowEnd,
  isFlowSign,
  scanPlain,
  scanQuoted,
} from "./scan-scalar";
import { scanDirective, scanTag } from "./scan-tag";
import { SimpleKeys } from "./simple-keys";
import {
  FLOW_END,
  FLOW_START,
  FORBIDDEN_TEXT,
  MAX_DEPTH,
  NO_PLAIN_START,
  startsWord,
  type Token,
  type TokenType,
} from "./token";
import { TokenQueue } from "./token-queue";

/** The reference, which looks for comments, reads so many tokens before it gives one, and so meets mistakes earlier. */
const LOOKAHEAD = 3;

/** Cuts a YAML text into tokens; block structure comes out as `block-…` tokens. */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly queue = new TokenQueue();
  private indent = -1;
  private readonly indents: number[] = [];
  private readonly keys: SimpleKeys;
  private keyAllowed = true;
  private ended = false;
  /** Whether the next token is certain. */
  private ready = false;
  private readonly keepsKeysOpen: boolean;
  private readonly takesMoreSigns: boolean;
  private readonly newer: boolean;
  /** Where a tab stands that only a block may not follow. */
  private tab: Mark | undefined;
  /** Where the last token ends. */
  private lastLine = 0;

  constructor(
    text: string,
    private readonly behaviour: Behaviour,
  ) {
    const bad = FORBIDDEN_TEXT.exec(text);
    if (bad !== null) throw controlCharacter(text, bad.index);
    this.cursor = new Cursor(text);
    this.keepsKeysOpen = behaviour.does("keepsKeysOpen");
    this.keys = new SimpleKeys(this.cursor, this.keepsKeysOpen);
    this.newer = behaviour.does("readsNewerYaml");
    this.takesMoreSigns = behaviour.does("takesMoreSigns");
  }

  peek(): Token {
    if (!this.ready) while (this.needsMore()) this.fetch();
    this.ready = true;
    const token = this.queue.first;
    if (token === undefined) throw new Error("the scanner gave no token");
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.ready = false;
    this.queue.shift();
    return token;
  }

  private get flowEnd(): FlowEnd | undefined {
    if (!this.inFlow) return undefined;
    if (this.newer) return endsInNewestFlow;
    return this.takesMoreSigns ? endsInNewerFlow : endsInFlow;
  }

  private get inFlow(): boolean {
    return this.keys.inFlow;
  }

  /** Whether `:` before a sign ends a key: newer releases see at the last token that it begins a word. */
  private endsKey(next: number): boolean {
    if (!this.inFlow || !this.keepsKeysOpen) return this.inFlow;
    const last = this.queue.last?.type;
    if (last === "," || last === "[") return false;
    return !this.newer || isFlowSign(next) || (last !== "value" && last !== "key" && last !== "{");
  }

  private needsMore(): boolean {
    if (!this.ended && this.queue.length < LOOKAHEAD) return true;
    return this.keys.mayBecome(this.queue.firstNumber) && !this.ended;
  }

  private saveKey(): void {
    if (this.keyAllowed) this.keys.save(this.queue.nextNumber, !this.inFlow && this.indent === this.cursor.column);
  }

  /** A token without value where the cursor stands. */
  private pushHere(type: TokenType): void {
    const { pos: index, line, column } = this.cursor;
    this.queue.push({ type, index, line, column, value: "", style: "plain" });
  }

  private push(type: TokenType, { index, line, column }: Mark, value: string, style: Token["style"] = "plain"): void {
    this.queue.push({ type, index, line, column, value, style });
  }

  private fetch(): void {
    const { cursor } = this;
    this.lastLine = cursor.line;
    this.skipToToken();
    this.unroll(cursor.column);
    if (isEnd(cursor.code())) {
      cursor.endLine();
      this.unroll(-1);
      this.keys.remove();
      this.keyAllowed = false;
      this.ended = true;
      this.pushHere("end");
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
    else if (char === "?" && ((this.inFlow && !this.takesMoreSigns) || isBlankOrEnd(next))) this.fetchExplicitKey();
    else if (char === ":" && (isBlankOrEnd(next) || this.endsKey(next))) this.fetchValue();
    else if (char === "*" || char === "&") this.fetchAnchor(char === "*" ? "alias" : "anchor");
    else if (char === "!") this.fetchTag();
    else if ((char === "|" || char === ">") && !this.inFlow) this.fetchBlock(char === "|");
    else if (char === "'" || char === '"') this.fetchQuoted(char === "'");
    else if (this.startsPlain(char, next)) this.fetchPlain();
    else
      throw scanError(
        "found character that cannot start any token",
        cursor.mark(),
        "while scanning for the next token",
      );
  }

  private startsPlain(char: string, next: number): boolean {
    if (!NO_PLAIN_START.has(char)) return !isBlank(char.charCodeAt(0));
    if (char === "-" && this.newer) return !isBlankOrEnd(next) && !(this.inFlow && isFlowSign(next));
    if (char === "-") return !isBlank(next);
    if (char !== "?" && char !== ":") return false;
    return (!this.inFlow || this.takesMoreSigns) && !isBlankOrEnd(next);
  }

  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      if (cursor.column === 0 && cursor.code() === BYTE_ORDER_MARK) cursor.pos++;
      const tabs = this.inFlow || !this.keyAllowed;
      for (let code = cursor.code(); code === SPACE || (tabs && code === TAB); code = cursor.code()) cursor.pos++;
      if (this.newer && !this.inFlow && cursor.code() === TAB) this.skipTabs();
      if (cursor.code() === HASH) {
        this.requireBlank();
        cursor.skipToBreak();
      }
      if (!isBreak(cursor.code())) return;
      cursor.skipBreak();
      if (!this.inFlow) this.keyAllowed = true;
    }
  }

  /** Newer releases want a blank before a comment. */
  private requireBlank(): void {
    const { cursor } = this;
    if (!this.newer || cursor.pos === 0 || isBlankOrEnd(cursor.code(-1)) || cursor.code(-1) === BYTE_ORDER_MARK) return;
    throw scanError("found a comment without preceding whitespace", cursor.mark());
  }

  /** Tabs where a block cannot begin: newer releases take them before values that are no block, and on empty lines. */
  private skipTabs(): void {
    const { cursor } = this;
    const tab = cursor.mark();
    const { last } = this.queue;
    const isBehindDash = last?.type === "-" && last.line === cursor.line;
    const isInside = cursor.line > this.lastLine && cursor.column > this.indent;
    cursor.skipBlanks();
    if (isBehindDash || isInside) {
      this.tab = tab;
      return;
    }
    if (isBreakOrEnd(cursor.code()) || cursor.code() === HASH) return;
    if (this.indent >= 0 || !FLOW_START.has(cursor.text.charAt(cursor.pos))) {
      throw scanError("found character that cannot start any token", tab, "while scanning for the next token");
    }
    this.tab = tab;
  }

  private roll(column: number, type: TokenType, mark: Mark, before?: number): void {
    if (this.inFlow || this.indent >= column) return;
    if (this.tab !== undefined && this.tab.line === mark.line) {
      throw scanError("found a tab character where an indentation space is expected", this.tab);
    }
    this.indents.push(this.indent);
    this.indent = column;
    if (this.indents.length > MAX_DEPTH) {
      throw scanError(`exceeded max depth of ${MAX_DEPTH}`, this.cursor.mark(), "while increasing indent level", mark);
    }
    const { index, line, column: at } = mark;
    const token: Token = { type, index, line, column: at, value: "", style: "plain" };
    if (before === undefined) this.queue.push(token);
    else this.queue.insert(token, before);
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
    this.keys.remove();
    this.keyAllowed = false;
    const mark = this.cursor.mark();
    this.push("directive", mark, scanDirective(this.cursor, this.behaviour));
  }

  private fetchMarker(marker: "---" | "..."): void {
    this.unroll(-1);
    this.keys.remove();
    this.keyAllowed = false;
    this.pushHere(marker === "---" ? "document-start" : "document-end");
    const mark = this.cursor.mark();
    this.cursor.pos += 3;
    if (!this.newer || marker === "---") return;
    this.cursor.skipBlanks();
    if (isBreakOrEnd(this.cursor.code()) || this.cursor.code() === HASH) return;
    const problem = "found unexpected content after document-end marker";
    throw scanError(problem, this.cursor.mark(), "while scanning a document-end marker", mark);
  }

  private fetchFlowStart(type: "[" | "{"): void {
    this.saveKey();
    if (this.keys.openBracket() > MAX_DEPTH) {
      throw scanError(`exceeded max depth of ${MAX_DEPTH}`, this.cursor.mark(), "while increasing flow level");
    }
    this.keyAllowed = true;
    this.pushHere(type);
    this.cursor.pos++;
  }

  private fetchFlowEnd(type: "]" | "}"): void {
    this.keys.remove();
    this.keys.closeBracket();
    this.keyAllowed = false;
    this.pushHere(type);
    this.cursor.pos++;
  }

  private fetchComma(): void {
    this.keys.remove();
    this.keyAllowed = true;
    this.pushHere(",");
    this.cursor.pos++;
  }

  private require(allowed: string): void {
    if (!this.inFlow && !this.keyAllowed) {
      throw scanError(`${allowed} are not allowed in this context`, this.cursor.mark());
    }
  }

  private fetchEntry(): void {
    this.require("block sequence entries");
    this.roll(this.cursor.column, "block-sequence", this.cursor.mark());
    this.keys.remove();
    this.keyAllowed = true;
    this.pushHere("-");
    this.cursor.pos++;
  }

  private fetchExplicitKey(): void {
    this.require("mapping keys");
    this.roll(this.cursor.column, "block-mapping", this.cursor.mark());
    this.keys.remove();
    this.keyAllowed = !this.inFlow;
    this.pushHere("key");
    this.cursor.pos++;
  }

  private fetchValue(): void {
    if (this.newer && this.inFlow && this.cursor.column <= this.indent) {
      throw scanError("mapping values are not allowed in this context", this.cursor.mark());
    }
    const key = this.keys.take();
    if (key !== undefined) {
      const { index, line, column } = key;
      this.queue.insert({ type: "key", index, line, column, value: "", style: "plain" }, key.token);
      this.roll(key.column, "block-mapping", key, key.token);
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
    const mark = this.cursor.mark();
    this.push(type, mark, scanAnchor(this.cursor, type, this.behaviour));
  }

  private fetchTag(): void {
    this.saveKey();
    this.keyAllowed = false;
    const mark = this.cursor.mark();
    this.push("tag", mark, scanTag(this.cursor, this.inFlow, this.behaviour));
  }

  private fetchBlock(literal: boolean): void {
    this.keys.remove();
    this.keyAllowed = true;
    const mark = this.cursor.mark();
    this.push("scalar", mark, scanBlock(this.cursor, literal, this.indent, this.newer), "block");
  }

  private fetchQuoted(single: boolean): void {
    this.saveKey();
    this.keyAllowed = false;
    const mark = this.cursor.mark();
    this.push("scalar", mark, scanQuoted(this.cursor, single, mark, this.newer), "quoted");
  }

  private fetchPlain(): void {
    this.saveKey();
    const mark = this.cursor.mark();
    const value = scanPlain(this.cursor, this.flowEnd, this.indent + 1, mark, this.newer);
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
