import { type Cursor, HASH, isBlank, isBreak, isBreakOrEnd, isEnd, type Mark, SPACE, TAB } from "./cursor";
import { scanError, type YamlError } from "./error";

interface Header {
  readonly chomp: "strip" | "clip" | "keep";
  readonly increment: number;
}

function fail(problem: string, cursor: Cursor, start: Mark): YamlError {
  return scanError(problem, cursor.mark(), "while scanning a block scalar", start);
}

function scanHeader(cursor: Cursor, start: Mark, newer: boolean): Header {
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
    if (digit === 0) throw fail("found an indentation indicator equal to 0", cursor, start);
    increment = digit;
    cursor.pos++;
  };
  scanChomp();
  scanIncrement();
  if (chomp === "clip") scanChomp();
  if (newer && cursor.code() === HASH) {
    throw fail("found a comment without preceding whitespace", cursor, start);
  }
  cursor.skipBlanks();
  if (cursor.code() === HASH) cursor.skipToBreak();
  if (!isBreakOrEnd(cursor.code())) throw fail("did not find expected comment or line break", cursor, start);
  if (isBreak(cursor.code())) cursor.skipBreak();
  return { chomp, increment };
}

/** A block scalar, `|` or `>`; `parentIndent` is -1 at the top level. */
export function scanBlock(cursor: Cursor, literal: boolean, parentIndent: number, newer: boolean): string {
  const start = cursor.mark();
  cursor.pos++;
  const { chomp, increment } = scanHeader(cursor, start, newer);
  let indent = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;

  const scanBreaks = (): string => {
    let breaks = "";
    let widest = 0;
    for (;;) {
      while ((indent === 0 || cursor.column < indent) && cursor.code() === SPACE) cursor.pos++;
      widest = Math.max(widest, cursor.column);
      // For newer releases, a tab behind the blanks that have to be there is text.
      const least = indent === 0 && newer ? parentIndent + 1 : indent;
      if ((least === 0 || cursor.column < least) && cursor.code() === TAB) {
        throw fail("found a tab character where an indentation space is expected", cursor, start);
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
