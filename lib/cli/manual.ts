import { sentence } from "../env/comment";
import { EXIT_STATUSES } from "../report/exit-status";
import type { CommandRow, OptionRow } from "./command-table";

/** The manual of the command, in the language of man. */
export function manualText(rows: readonly CommandRow[], version: string): string {
  const [program, ...commands] = rows;
  const statuses = Object.values(EXIT_STATUSES);
  return [
    `.TH LAMB-COMPOSE 1 "" "lamb-compose ${version}" "User Commands"`,
    ".SH NAME",
    `lamb-compose \\- ${text(program?.about ?? "")}`,
    ".SH SYNOPSIS",
    ".B lamb-compose",
    "COMMAND [OPTION]...",
    ".SH COMMANDS",
    ...commands.flatMap(section),
    ".SH EXIT STATUS",
    ...statuses.flatMap(({ status, meaning }) => [".TP", `.B ${status}`, text(meaning)]),
    ".SH EXAMPLES",
    ...unfilled((program?.more ?? "").replace(/^examples:\n/, "")),
    "",
  ].join("\n");
}

function section({ usage, about, options, more }: CommandRow): readonly string[] {
  return [
    `.SS ${text(usage)}`,
    text(sentence(about)),
    ...options.flatMap(option),
    ...(more === "" ? [] : [".PP", ...unfilled(more)]),
  ];
}

function option({ words, value, about }: OptionRow): readonly string[] {
  return [".TP", `\\fB${words.map(text).join("\\fR, \\fB")}\\fR ${text(value)}`.trimEnd(), text(sentence(about))];
}

/** Lines as they are. */
function unfilled(lines: string): readonly string[] {
  return [".nf", ...lines.split("\n").map(text), ".fi"];
}

/** A line that roff shows as it is: nothing in it is a request. */
function text(line: string): string {
  const safe = line.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("\n", " ");
  return /^[.']/.test(safe) ? `\\&${safe}` : safe;
}
