import { ComposeError } from "../../construct/errors";

/** Caddy replaces `{$NAME}` and `{$NAME:default}` when it reads the file, `{http.request.uri}` and its like for each request. */
const PLACEHOLDER = /\{[$\w.:>[\]/@*-]+\}/g;
const NEEDS_QUOTES = /[\s"`\\{}#]|^<</;

// biome's rule against control characters is about accidents; here they are what must not get in.
function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/**
 * One token of a Caddyfile, quoted only if it must be. Placeholders stay placeholders, quoted or not: Caddy has no escape for `{$`.
 * @throws ComposeError `caddy-token` for control characters (line breaks included), and for the one text that Caddy cannot quote:
 * a backtick together with a backslash that stands before a double quote or at the end.
 */
export function quoteToken(text: string): string {
  if (hasControlCharacter(text)) {
    throw new ComposeError({
      code: "caddy-token",
      reason: "a token of a Caddyfile cannot contain a line break or another control character",
      fix: "Give the text on one line, without control characters.",
    });
  }
  if (text !== "" && !NEEDS_QUOTES.test(text.replace(PLACEHOLDER, ""))) return text;
  const escapable = !/\\("|$)/.test(text);
  if (escapable && !text.includes('"')) return `"${text}"`;
  if (!text.includes("`")) return `\`${text}\``;
  if (escapable) return `"${text.replaceAll('"', '\\"')}"`;
  throw new ComposeError({
    code: "caddy-token",
    reason:
      "a token with a backtick and with a backslash before a double quote (or at the end) cannot be quoted in a Caddyfile",
    fix: "Leave out the backtick or the backslash.",
  });
}
