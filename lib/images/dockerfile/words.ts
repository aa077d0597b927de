/** A word that no reader of a Dockerfile takes apart. `$` is in it: it means the same with quotes and without. */
const PLAIN = /^[\w./:@%+=,~^${}-]+$/;

/**
 * A value of `ENV`, `ARG` or `LABEL`, in double quotes where it needs them. `${NAME}` in it is Dockerfile's own
 * variable; a `$` that is none is written `\$`.
 *
 * @see Dockerfile reference, "Environment replacement"
 */
export function quoted(value: string): string {
  return PLAIN.test(value) ? value : `"${value.replaceAll(/\\(?!\$)|"/g, "\\$&")}"`;
}

/** Names and values, one pair an item. */
export function assignments(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}`);
}

/** Words as a JSON list: the form that no shell reads. */
export function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

/** Paths side by side, or as a JSON list when one of them has a space. */
export function paths(words: readonly string[]): string {
  return words.some((word) => /[\s"'\\]/.test(word)) ? execForm(words) : words.join(" ");
}

/** Options, each `--name=value`; those without a value are left out. */
export function options(values: Readonly<Record<string, string | number | undefined>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
}

/** The variables that a text mentions, `$NAME` and `${NAME…}`. A `$` behind a backslash is none. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
}
