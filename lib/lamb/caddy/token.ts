import type { EnvVar } from "../../construct/env-var";
import { ConstructError } from "../../construct/errors";

/** Caddy replaces `{$NAME}` and `{$NAME:default}` when it reads the file, `{http.request.uri}` and its like for each request. */
const PLACEHOLDER = /\{[$\w.:>[\]/@*-]+\}/g;
const NEEDS_QUOTES = /[\s"`\\{}#]|^<</;

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** What cannot be a token of a Caddyfile, whatever the quotes. The first row that holds is reported. */
const IMPOSSIBLE: readonly (readonly [holds: (text: string) => boolean, reason: string, fix: string])[] = [
  [
    hasControlCharacter,
    "a token of a Caddyfile cannot contain a line break or another control character",
    "give the text on one line, without control characters",
  ],
  [
    (text) => text === "{" || text === "}",
    "Caddy takes a token that is one brace for the start or the end of a block, quoted or not",
    "give more than the brace",
  ],
  [
    (text) => text.endsWith("\\"),
    "after a backslash at a token's end Caddy or `caddy fmt` overlooks the closing quote",
    "leave out the backslash at the end",
  ],
  [
    (text) => text.includes("`") && text.includes('\\"'),
    "a token with a backtick and with a backslash before a double quote cannot be quoted in a Caddyfile",
    "leave out the backtick or the backslash",
  ],
];

/**
 * One token of a Caddyfile, quoted only if it must be. Placeholders stay placeholders, quoted or not: Caddy has no escape for `{$`.
 * @throws ConstructError `caddy-token` for control characters, a brace alone, a backslash at the end, and a backtick together with a
 * backslash before a double quote: Caddy has no way to write these.
 */
export function quoteToken(text: string): string {
  for (const [holds, reason, fix] of IMPOSSIBLE) {
    if (holds(text)) throw new ConstructError({ code: "caddy-token", reason, fix });
  }
  if (text !== "" && !NEEDS_QUOTES.test(text.replace(PLACEHOLDER, ""))) return text;
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("`") ? `"${text.replaceAll('"', '\\"')}"` : `\`${text}\``;
}

/** How a Caddyfile reads a variable of its container. */
export function placeholder({ name }: EnvVar): string {
  return `{$${name}}`;
}
