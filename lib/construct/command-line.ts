import { ConstructError } from "./errors";

/**
 * The words of a command as the facts of a file have them: in one line, apart by spaces. A list would grow from file to file,
 * because Compose adds a later file's list to an earlier one's.
 *
 * @param construct its path, for errors
 * @throws ConstructError `command-words` for a word that is empty or has white space in it
 */
export function commandLine(words: readonly string[], construct: string): string {
  const bad = words.find((word) => !/^\S+$/.test(word));
  if (bad === undefined) return words.join(" ");
  throw new ConstructError({
    code: "command-words",
    construct,
    value: JSON.stringify(bad),
    reason: "is empty, or has white space in it: the words are written on one line, separated by spaces",
    fix: "put what needs it into a script of the image, or of a folder that is mounted",
  });
}
