import { parseDotenv } from "../../compose/dotenv/dotenv";
import { isSecretName } from "../../env/secret-name";
import type { AuditedFile } from "./audit";
import { folderOf, isTemplate } from "./env";

/**
 * The values of variables that Compose would run the files with: those of the `.env` files that are looked at, else of
 * the `.env` beside the first Compose file. A variable that may hold a secret has its name for a value.
 *
 * @param envFiles the files of settings among those that are looked at
 * @param read the text of another file
 */
export function settingsOf(
  base: AuditedFile,
  envFiles: readonly AuditedFile[],
  read: (path: string) => string | undefined,
): Readonly<Record<string, string>> {
  const named = envFiles.filter((file) => !isTemplate(file)).map(({ text }) => text);
  const texts = named.length > 0 ? named : [read(`${folderOf(base.path)}.env`) ?? ""];
  const entries = texts.flatMap((text) => parseDotenv(text).entries);
  return Object.fromEntries(
    entries.map(({ name, value }) => [name, isSecretName(name) && value !== "" ? name : value]),
  );
}
