/** What stands between the files of `COMPOSE_FILE` when `COMPOSE_PATH_SEPARATOR` says nothing else: on Windows it is `;`. */
const SEPARATOR = ":";

/**
 * The files that `COMPOSE_FILE` names, in the order in which Compose merges them. Every part counts as it is written, as
 * for Compose: a blank belongs to the name, and an empty part is the name of no file.
 *
 * @param value the value of a setting: of the environment, else of the `.env`
 * @param separator what separates the names where `COMPOSE_PATH_SEPARATOR` is empty or not set
 * @returns `undefined` when `COMPOSE_FILE` is not set, so that Compose looks for files by their names
 */
export function projectFiles(
  value: (name: string) => string | undefined,
  separator: string = SEPARATOR,
): readonly string[] | undefined {
  return value("COMPOSE_FILE")?.split(value("COMPOSE_PATH_SEPARATOR") || separator);
}

/** A sign that none of the names has, for `COMPOSE_PATH_SEPARATOR`. */
export function separatorFor(names: readonly string[]): string {
  return [SEPARATOR, ";", ","].find((sign) => !names.some((name) => name.includes(sign))) ?? SEPARATOR;
}
