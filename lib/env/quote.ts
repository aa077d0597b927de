const PLAIN = /^[\w./:@%+,=~^-]+$/;

const ESCAPED: readonly (readonly [string, string])[] = [
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["$", "\\$"],
  ["\n", "\\n"],
  ["\r", "\\r"],
];

/**
 * A value as it must stand behind `NAME=` in an `.env` so that Compose reads exactly that: plain where it can be, in
 * single quotes where it cannot, in double quotes where it has `'`, `\` or a line break.
 */
export function envValue(value: string): string {
  if (value === "" || PLAIN.test(value)) return value;
  if (!/['\\\r\n]/.test(value)) return `'${value}'`;
  return `"${ESCAPED.reduce((text, [from, to]) => text.replaceAll(from, to), value)}"`;
}
