import { ComposeError } from "../compose/error";
import { yamlText } from "../compose/loader/files";
import { FileError } from "../disk/error";
import { type ReadFileOptions, readContent } from "../disk/read-file";

/**
 * The text of a Compose file as Compose reads it: in UTF-8, or in UTF-16 with a byte order mark.
 *
 * @returns `undefined` when there is none
 * @throws FileError those of {@link readContent}; `not-text` for bytes that Compose does not read
 */
export async function readComposeText(path: string, options: ReadFileOptions = {}): Promise<string | undefined> {
  const content = await readContent(path, options);
  if (content === undefined) return undefined;
  try {
    return yamlText(path, content.bytes);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw new FileError({ code: "not-text", path, reason: "is not text in UTF-8", fix: "save it as UTF-8" });
  }
}
