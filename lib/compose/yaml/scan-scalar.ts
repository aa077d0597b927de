import {
  type Cursor,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isEnd,
  type Mark,
  SPACE,
  TAB,
  yamlError,
} from "./cursor";

/** What stands between two words of a scalar that spans lines: one break folds to a space, further breaks stay. */
function fold(leading: string, trailing: string): string {
  if (!leading.startsWith("\n")) return leading + trailing;
  return trailing === "" ? " " : trailing;
}

const HASH = 0x23;
const COLON = 0x3a;

/** The characters that end a plain scalar inside `[]` and `{}`: `, ? [ ] { }`. */
function endsInFlow(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** A scalar without quotes. When it reaches over a line break, the cursor stands on a later line afterwards. */
export function scanPlain(cursor: Cursor, inFlow: boolean, indent: number, start: Mark): string {
  const { text } = cursor;
  let value = "";
  let blanks = "";
  let leading = "";
  let trailing = "";
  let brokeLine = false;
  for (;;) {
    if (cursor.atDocumentMarker() !== undefined || cursor.code() === HASH) break;
    const from = cursor.pos;
    let pos = from;
    for (let code = text.charCodeAt(pos); !isBlankOrEnd(code); code = text.charCodeAt(++pos)) {
      if (code === COLON && isBlankOrEnd(text.charCodeAt(pos + 1))) break;
      if (inFlow && endsInFlow(code)) break;
    }
    if (pos > from) {
      value += brokeLine ? fold(leading, trailing) : blanks;
      value += text.slice(from, pos);
      brokeLine = false;
      blanks = "";
      leading = "";
      trailing = "";
      cursor.pos = pos;
    }
    let code = cursor.code();
    if (!isBlank(code) && !isBreak(code)) break;
    for (; isBlank(code) || isBreak(code); code = cursor.code()) {
      if (isBreak(code)) {
        if (brokeLine) trailing += cursor.skipBreak();
        else {
          leading = cursor.skipBreak();
          brokeLine = true;
          blanks = "";
        }
      } else {
        if (brokeLine && cursor.column < indent && code === TAB) {
          throw yamlError("scan", "found a tab character that violates indentation", cursor.mark(), start);
        }
        if (!brokeLine) blanks += text[cursor.pos];
        cursor.pos++;
      }
    }
    if (!inFlow && cursor.column < indent) break;
  }
  return value;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["N", "\x85"],
  ["_", "\xa0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function scanEscape(cursor: Cursor, start: Mark): string {
  const char = cursor.text.charAt(cursor.pos + 1);
  const plain = ESCAPES.get(char);
  const length = CODE_LENGTHS.get(char);
  if (plain === undefined && length === undefined) {
    throw yamlError("scan", "found unknown escape character", cursor.mark(), start);
  }
  cursor.pos += 2;
  if (plain !== undefined) return plain;
  const digits = cursor.text.slice(cursor.pos, cursor.pos + (length ?? 0));
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw yamlError("scan", "did not find expected hexdecimal number", cursor.mark(), start);
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw yamlError("scan", "found invalid Unicode character escape code", cursor.mark(), start);
  }
  cursor.pos += digits.length;
  return String.fromCodePoint(code);
}

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function scanQuoted(cursor: Cursor, single: boolean, start: Mark): string {
  const { text } = cursor;
  const close = single ? QUOTE : DOUBLE_QUOTE;
  let value = "";
  cursor.pos++;
  for (;;) {
    if (cursor.atDocumentMarker() !== undefined) {
      throw yamlError("scan", "found unexpected document indicator", cursor.mark(), start);
    }
    if (isEnd(cursor.code())) throw yamlError("scan", "found unexpected end of stream", cursor.mark(), start);
    let brokeLine = false;
    for (let code = cursor.code(); !isBlankOrEnd(code); code = cursor.code()) {
      if (code === close) {
        if (!single || cursor.code(1) !== QUOTE) break;
        value += "'";
        cursor.pos += 2;
      } else if (!single && code === BACKSLASH) {
        if (isBreak(cursor.code(1))) {
          cursor.pos++;
          cursor.skipBreak();
          brokeLine = true;
          break;
        }
        value += scanEscape(cursor, start);
      } else {
        const from = cursor.pos;
        let pos = from + 1;
        for (let next = text.charCodeAt(pos); next !== close && next !== BACKSLASH && !isBlankOrEnd(next); ) {
          next = text.charCodeAt(++pos);
        }
        value += text.slice(from, pos);
        cursor.pos = pos;
      }
    }
    if (!brokeLine && cursor.code() === close) break;
    value += scanGap(cursor, brokeLine);
  }
  cursor.pos++;
  return value;
}

/** Blanks and breaks inside a quoted scalar; `joined` after an escaped break, which leaves nothing of its own. */
function scanGap(cursor: Cursor, joined: boolean): string {
  let blanks = "";
  let leading = "";
  let trailing = "";
  let brokeLine = joined;
  for (let code = cursor.code(); isBlank(code) || isBreak(code); code = cursor.code()) {
    if (isBreak(code)) {
      if (brokeLine) trailing += cursor.skipBreak();
      else {
        blanks = "";
        leading = cursor.skipBreak();
        brokeLine = true;
      }
    } else {
      if (!brokeLine) blanks += cursor.text[cursor.pos];
      cursor.pos++;
    }
  }
  if (!brokeLine) return blanks;
  return leading === "" ? trailing : fold(leading, trailing);
}

interface Header {
  readonly chomp: "strip" | "clip" | "keep";
  readonly increment: number;
}

function scanHeader(cursor: Cursor, start: Mark): Header {
  let chomp: Header["chomp"] = "clip";
  let increment = 0;
  const scanChomp = () => {
    const char = cursor.text[cursor.pos];
    if (char !== "+" && char !== "-") return;
    chomp = char === "+" ? "keep" : "strip";
    cursor.pos++;
  };
  const scanIncrement = () => {
    const digit = cursor.code() - 0x30;
    if (digit < 0 || digit > 9) return;
    if (digit === 0) {
      throw yamlError("scan", "found an indentation indicator equal to 0", cursor.mark(), start);
    }
    increment = digit;
    cursor.pos++;
  };
  scanChomp();
  scanIncrement();
  if (chomp === "clip") scanChomp();
  cursor.skipBlanks();
  if (cursor.code() === HASH) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) {
    throw yamlError("scan", "did not find expected comment or line break", cursor.mark(), start);
  }
  if (isBreak(cursor.code())) cursor.skipBreak();
  return { chomp, increment };
}

/** A block scalar, `|` or `>`; `parentIndent` is -1 at the top level. */
export function scanBlock(cursor: Cursor, literal: boolean, parentIndent: number): string {
  const start = cursor.mark();
  cursor.pos++;
  const { chomp, increment } = scanHeader(cursor, start);
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;

  const scanBreaks = (): string => {
    let breaks = "";
    let widest = 0;
    for (;;) {
      while ((indent === 0 || cursor.column < indent) && cursor.code() === SPACE) cursor.pos++;
      widest = Math.max(widest, cursor.column);
      if ((indent === 0 || cursor.column < indent) && cursor.code() === TAB) {
        throw yamlError("scan", "found a tab character where an indentation space is expected", cursor.mark(), start);
      }
      if (!isBreak(cursor.code())) break;
      breaks += cursor.skipBreak();
    }
    if (indent === 0) indent = Math.max(widest, parentIndent + 1, 1);
    return breaks;
  };

  let value = "";
  let leading = "";
  let leadingBlank = false;
  let trailing = scanBreaks();
  while (cursor.column === indent && !isEnd(cursor.code())) {
    const startsBlank = isBlank(cursor.code());
    if (!literal && leading.startsWith("\n") && !leadingBlank && !startsBlank) {
      if (trailing === "") value += " ";
    } else value += leading;
    value += trailing;
    leadingBlank = startsBlank;
    const from = cursor.pos;
    cursor.skipToBreak();
    value += cursor.text.slice(from, cursor.pos);
    leading = isEnd(cursor.code()) ? "" : cursor.skipBreak();
    trailing = scanBreaks();
  }
  if (chomp !== "strip") value += leading;
  if (chomp === "keep") value += trailing;
  return value;
}
