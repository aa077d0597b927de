/**
 * What a terminal would obey, or nobody would see: control characters, format characters such as those that turn the
 * direction of text, other invisible ones, separators of lines that are no line break, halves of a surrogate pair.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const LINE_BREAKS: ReadonlySet<string> = new Set(["\n", "\t"]);

/** `\u001b` for each UTF-16 code unit: what JSON calls the character, so that a JSON text stays the same data. */
function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, at) => {
    return `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}

/**
 * A text as a person can safely look at it: each character that a terminal would obey or that nobody would see is
 * written out, as `\u001b` for ESC. Line breaks and tabs stay. A text without such characters, and the data in a JSON
 * text, stay the same.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => (LINE_BREAKS.has(character) ? character : escaped(character)));
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\t", "\\t"],
]);

/** The same for what has to stay on one line, such as a place or a value: line breaks and tabs are written out, too. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, (character) => SHORT.get(character) ?? escaped(character));
}
