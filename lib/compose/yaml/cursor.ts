/** A place in a YAML text; lines and columns count from 0. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

export const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
export const SPACE = 0x20;
export const HASH = 0x23;
export const COLON = 0x3a;
export const BYTE_ORDER_MARK = 0xfeff;

export function isBreak(code: number): boolean {
  return code === LF || code === CR || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** The text ends with a NUL, which cannot stand inside it. */
export function isEnd(code: number): boolean {
  return code === 0;
}

export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === LF || code === 0 || code === TAB || isBreak(code);
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code);
}

export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}

/** The reading position in a text. */
export class Cursor {
  readonly text: string;
  pos = 0;
  line = 0;
  private lineStart = 0;

  constructor(text: string) {
    this.text = `${text}\0`;
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
      this.pos = 1;
      this.lineStart = 1;
    }
  }

  get column(): number {
    return this.pos - this.lineStart;
  }

  code(offset = 0): number {
    return this.text.charCodeAt(this.pos + offset);
  }

  mark(): Mark {
    return { index: this.pos, line: this.line, column: this.pos - this.lineStart };
  }

  /** Steps over a line break and returns it as YAML normalizes it. */
  skipBreak(): string {
    const code = this.code();
    this.pos += code === CR && this.code(1) === LF ? 2 : 1;
    this.line++;
    this.lineStart = this.pos;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
  }

  /** A text without a final line break ends, for the reference, on a line of its own. */
  endLine(): void {
    if (this.pos === this.lineStart) return;
    this.line++;
    this.lineStart = this.pos;
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.pos++;
  }

  skipToBreak(): void {
    const { text } = this;
    while (!isBreakOrEnd(text.charCodeAt(this.pos))) this.pos++;
  }

  /** `---` or `...` at the start of a line. */
  atDocumentMarker(): "---" | "..." | undefined {
    if (this.pos !== this.lineStart) return undefined;
    const first = this.code();
    if (first !== 0x2d && first !== 0x2e) return undefined;
    if (this.code(1) !== first || this.code(2) !== first || !isBlankOrEnd(this.code(3))) return undefined;
    return first === 0x2d ? "---" : "...";
  }
}
