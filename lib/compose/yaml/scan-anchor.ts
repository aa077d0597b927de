import type { Behaviour } from "../version";
import { COLON, type Cursor, isBlankOrEnd, isWord } from "./cursor";
import { scanError } from "./error";

const AFTER_NAME: ReadonlySet<string> = new Set("?:,]}%@`");
const NOT_IN_NAMES: ReadonlySet<string> = new Set("[]{},:");

/** What newer releases take for a part of a name: all of ASCII but blanks, brackets, `,` and `:`. */
function isNameSign(code: number): boolean {
  return code > 0x20 && code < 0x7f && !NOT_IN_NAMES.has(String.fromCharCode(code));
}

/** Whether colons are part of a name, since more of it follows. */
function isInnerColon(cursor: Cursor): boolean {
  if (cursor.code() !== COLON) return false;
  let length = 1;
  while (cursor.code(length) === COLON) length++;
  return isNameSign(cursor.code(length));
}

/** The name behind `&` or `*`. */
export function scanAnchor(cursor: Cursor, type: "alias" | "anchor", { does }: Behaviour): string {
  const start = cursor.mark();
  const isPart = does("takesMoreSigns") ? isNameSign : isWord;
  const takesColons = does("readsNewerYaml");
  const from = ++cursor.pos;
  while (isPart(cursor.code()) || (takesColons && isInnerColon(cursor))) cursor.pos++;
  const name = cursor.text.slice(from, cursor.pos);
  if (name !== "" && (isBlankOrEnd(cursor.code()) || AFTER_NAME.has(cursor.text.charAt(cursor.pos)))) return name;
  const problem = "did not find expected alphabetic or numeric character";
  throw scanError(problem, cursor.mark(), `while scanning an ${type}`, start);
}
