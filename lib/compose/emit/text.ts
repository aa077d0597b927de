/**
 * Characters that never stand raw in a file, as the inside of a character class: what YAML does not call printable,
 * what only some readers take for a line break, and what nobody can see. U+200C and U+200D are not among them, because
 * Persian and emoji need them; tab and line feed are the caller's business.
 */
const CLASS = String.raw`\0-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\uffff`;
const HIDDEN = new RegExp(`[${CLASS}]`);
const EVERY_HIDDEN = new RegExp(`[${CLASS}]`, "g");
const LONE_SURROGATE = /\p{Surrogate}/u;
const EVERY_LONE_SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAK = /\r\n|[\n\v\f\r\x85\u2028\u2029]/;

/** Whether a text has a character that must be escaped, tab and line feed apart. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** Whether a text has half of a surrogate pair, which no UTF-8 file can hold. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** The text with `\uXXXX` for each character that must be escaped. */
export function escapeHidden(text: string): string {
  return text.replace(EVERY_HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A comment as lines of YAML, without anything that could end it early or hide in it. */
export function commentLines(comment: string): string[] {
  return comment.split(LINE_BREAK).map((line) => {
    const visible = line
      .replace(EVERY_HIDDEN, " ")
      .replaceAll("\t", " ")
      .replace(EVERY_LONE_SURROGATE, "\ufffd")
      .trimEnd();
    return visible === "" ? "#" : `# ${visible}`;
  });
}
