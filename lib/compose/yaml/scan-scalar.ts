import { COLON, type Cursor, HASH, isBlank, isBlankOrEnd, isBreak, isEnd, type Mark, TAB } from "./cursor";
import { scanError, type YamlError } from "./error";

/** What stands between two words of a scalar that spans lines: one break folds to a space, further breaks stay. */
function fold(leading: string, trailing: string): string {
  if (!leading.startsWith("\n")) return leading + trailing;
  return trailing === "" ? " " : trailing;
}

/** Whether a character, with the one behind it, ends a plain scalar inside `[]` and `{}`. */
export type FlowEnd = (code: number, next: number) => boolean;

const QUESTION = 0x3f;

export function isFlowSign(code: number): boolean {
  return code === 0x2c || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d;
}

/** `, ? [ ] { }`. */
export const endsInFlow: FlowEnd = (code) => code === QUESTION || isFlowSign(code);

/** Since Compose 5.7.1: `:` before what ends the value. */
export const endsInNewestFlow: FlowEnd = (code, next) =>
  isFlowSign(code) || (code === COLON && (next === 0x2c || next === 0x5d || next === 0x7d));

/** Since Compose 5.0: `?` before a blank, too. */
export const endsInNewerFlow: FlowEnd = (code, next) =>
  endsInNewestFlow(code, next) || (code === QUESTION && isBlankOrEnd(next));

function badTab(tab: Mark, start: Mark): YamlError {
  return scanError("found a tab character that violates indentation", tab, "while scanning a plain scalar", start);
}

/** A scalar without quotes. When it reaches over a line break, the cursor stands on a later line afterwards. */
export function scanPlain(
  cursor: Cursor,
  flowEnd: FlowEnd | undefined,
  indent: number,
  start: Mark,
  newer: boolean,
): string {
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
      if (flowEnd?.(code, text.charCodeAt(pos + 1)) === true) break;
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
    // For newer releases, a tab is only wrong before more of the scalar.
    let tab: Mark | undefined;
    for (; isBlank(code) || isBreak(code); code = cursor.code()) {
      if (isBreak(code)) {
        tab = undefined;
        if (brokeLine) trailing += cursor.skipBreak();
        else {
          leading = cursor.skipBreak();
          brokeLine = true;
          blanks = "";
        }
      } else {
        if (brokeLine && cursor.column < indent && code === TAB) tab ??= cursor.mark();
        if (tab !== undefined && !newer) throw badTab(tab, start);
        if (!brokeLine) blanks += text[cursor.pos];
        cursor.pos++;
      }
    }
    if (tab !== undefined && !isEnd(code) && code !== HASH) throw badTab(tab, start);
    if (flowEnd === undefined && cursor.column < indent) break;
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

/** As YAML 1.2 has them. */
const NEWER_ESCAPES: ReadonlyMap<string, string> = new Map(
  [...ESCAPES, ["/", "/"] as const].filter(([char]) => char !== "'"),
);

const CODE_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function badQuoted(problem: string, cursor: Cursor, start: Mark): YamlError {
  return scanError(problem, cursor.mark(), "while scanning a quoted scalar", start);
}

function scanEscape(cursor: Cursor, start: Mark, newer: boolean): string {
  const char = cursor.text.charAt(cursor.pos + 1);
  const plain = (newer ? NEWER_ESCAPES : ESCAPES).get(char);
  const length = CODE_LENGTHS.get(char);
  if (plain === undefined && length === undefined) throw badQuoted("found unknown escape character", cursor, start);
  cursor.pos += 2;
  if (plain !== undefined) return plain;
  const digits = cursor.text.slice(cursor.pos, cursor.pos + (length ?? 0));
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) {
    throw badQuoted("did not find expected hexadecimal number", cursor, start);
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw badQuoted("found invalid Unicode character escape code", cursor, start);
  }
  cursor.pos += digits.length;
  return String.fromCodePoint(code);
}

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function scanQuoted(cursor: Cursor, single: boolean, start: Mark, newer: boolean): string {
  const { text } = cursor;
  const close = single ? QUOTE : DOUBLE_QUOTE;
  let value = "";
  cursor.pos++;
  for (;;) {
    if (cursor.atDocumentMarker() !== undefined) throw badQuoted("found unexpected document indicator", cursor, start);
    if (isEnd(cursor.code())) throw badQuoted("found unexpected end of stream", cursor, start);
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
        value += scanEscape(cursor, start, newer);
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
