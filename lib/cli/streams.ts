import { visible } from "../report/visible";

/*
 * The only places of the project that write to the streams of the process. What is written holds the words of others:
 * names of files, values, what registries and Compose say. None of it may steer the terminal of who reads it.
 */

/** Writes to the standard output: the result of a command, as text or as JSON. */
export function print(text: string): void {
  process.stdout.write(visible(text));
}

/** Writes to the standard error: what is to be said beside the result. */
export function printError(text: string): void {
  process.stderr.write(visible(text));
}

/**
 * Writes a result whose bytes count, such as a Compose file for another program: exactly as it is into a file or a
 * pipe, and as {@link print} does for a person at a terminal.
 */
export function printExactly(text: string): void {
  process.stdout.write(process.stdout.isTTY === true ? visible(text) : text);
}
