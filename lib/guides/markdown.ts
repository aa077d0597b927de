import { wrap } from "../report/wrap";

const WIDTH = 120;

/** Paragraphs of running text, broken into lines. */
export function prose(...texts: readonly string[]): string {
  return paragraphs(...texts.map((text) => wrap(text, WIDTH).join("\n")));
}

/** Parts with an empty line between them. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.join("\n\n");
}

/** Commands for a shell. @param id names them for tests and translations */
export function shell(id: string, ...lines: readonly string[]): string {
  return fenced(`sh id=${id}`, lines);
}

/** Lines between fences. */
export function fenced(info: string, lines: readonly string[]): string {
  return [`\`\`\`${info}`, ...lines, "```"].join("\n");
}

/** A list, or with `ordered` one with numbers. */
export function list(items: readonly string[], ordered = false): string {
  return items
    .map((item, at) => {
      const mark = ordered ? `${at + 1}. ` : "- ";
      return `${mark}${wrap(item, WIDTH - mark.length).join(`\n${" ".repeat(mark.length)}`)}`;
    })
    .join("\n");
}

/** A table. A `|` and a line break in a cell are shown, and do not end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s*[\r\n]+\s*/g, " ")).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** Text as it is. */
export function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Text of others in running text: nothing in it is Markdown. A `_` between letters is none. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*[\]<>]/g, "\\$&");
}

/** The name of a heading in links, as GitHub makes it. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
