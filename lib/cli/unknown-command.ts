import type { Command } from "commander";
import { nearest } from "../spec/nearest";
import { UsageError } from "./report";

/**
 * Refuses a word where a command is expected and none has that name, also beside `--help`, which would otherwise answer
 * as if the word were not there.
 *
 * @throws UsageError
 */
export function refuseUnknownCommand(program: Command, words: readonly string[]): void {
  let at = program;
  let isValue = false;
  for (const word of words) {
    const { commands, options } = at;
    if (isValue || word.startsWith("-") || word === "help") {
      isValue = !isValue && options.some(({ short, long, required }) => required && (short === word || long === word));
      continue;
    }
    if (commands.length === 0) return;
    const command = commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (command === undefined) {
      const meant = nearest(
        word,
        commands.map((one) => one.name()),
      );
      const hint = meant === undefined ? "--help shows what there is" : `Did you mean ${meant}?`;
      throw new UsageError(`error: unknown command '${word}'\n(${hint})`);
    }
    at = command;
  }
}
