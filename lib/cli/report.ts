import { resolve } from "node:path";
import { messageOf } from "../disk/error";
import type { EnvProblem } from "../env/check";
import { exitStatus } from "../report/exit-status";
import { shellWord } from "../report/shell-word";
import { print, printError } from "./streams";

/** Words that a command cannot make sense of. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Exit status of a process. */
export const EXIT = { ok: exitStatus("ok"), failed: exitStatus("failed"), usage: exitStatus("usage") };

/** Says what went wrong, without a stack, and has the process end with the status for it. */
export function reportError(error: unknown): void {
  warn(messageOf(error));
  process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

/** One line on the standard output. */
export function say(line: string): void {
  print(`${line}\n`);
}

/** One line beside the result. */
export function warn(line: string): void {
  printError(`${line}\n`);
}

/** `docker compose` as it is typed for a deployment from wherever somebody is, with words before its command. */
export function composeIn(dir: string, words: readonly string[] = []): string {
  return [`cd ${shellWord(resolve(dir))} && docker compose`, ...words.map(shellWord)].join(" ");
}

/** This command as it is typed for a deployment from where somebody is. */
export function ownIn(dir: string, words: readonly string[]): string {
  return ["lamb-compose", ...words, ...(dir === "." ? [] : ["--dir", dir])].map(shellWord).join(" ");
}

/** How many problems are errors. */
export function errorsAmong(problems: readonly EnvProblem[]): number {
  return problems.filter(({ severity }) => severity === "error").length;
}
