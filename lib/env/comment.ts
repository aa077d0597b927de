import { wrap } from "../report/wrap";

/** How wide the lines of an `.env` file are. */
export const WIDTH = 100;

/** What breaks a line, for a terminal or an editor. */
export const LINE_BREAK = /[\r\n\v\f\u0085\u2028\u2029]+/;

/** A text as comment lines: one paragraph, whatever breaks it has. */
export function comment(text: string, start = "# "): string[] {
  const line = text.split(LINE_BREAK).join(" ");
  return wrap(line, WIDTH - start.length).map((part) => `${start}${part}`.trimEnd());
}

/** A text that begins with a capital and ends with a full stop. Nothing stays nothing. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return capital === "" || /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
