import type { Mark } from "./cursor";

export type TokenType =
  | "end"
  | "directive"
  | "document-start"
  | "document-end"
  | "block-sequence"
  | "block-mapping"
  | "block-end"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "-"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token extends Mark {
  readonly type: TokenType;
  /** A scalar's value, the name of an anchor or alias, a resolved tag, a directive. */
  readonly value: string;
  readonly style: "plain" | "quoted" | "block";
}

/** Deeper nesting than this is hostile: the walks of later stages recurse. */
export const MAX_DEPTH = 500;
export const KEY_LENGTH = 1024;

export const FORBIDDEN_TEXT = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff]/u;
export const FLOW_START: ReadonlySet<string> = new Set(["[", "{"]);
export const FLOW_END: ReadonlySet<string> = new Set(["]", "}"]);
export const NO_PLAIN_START: ReadonlySet<string> = new Set("-?:,[]{}#&*!|>'\"%@`");

/** Letters, digits, `/`, `$` and `_` begin a plain scalar and nothing else. */
export function startsWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2f && code <= 0x39) ||
    code === 0x24 ||
    code === 0x5f
  );
}
