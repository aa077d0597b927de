/** The record, kept in the output directory, of what was written there. */
export const MANIFEST = ".lamb-compose.json";

/** The lock, kept in the output directory, of the images that its files name. */
export const IMAGE_LOCK = "images.lock.json";

/** Says that a run is changing a directory. */
export const DIRECTORY_LOCK = ".lamb-compose.lock";

/** Temporary files: the name of the file that is meant, the process that writes it, and something random. */
export const TEMPORARY = /\.(\d+)-(\d+)-([0-9a-f]{8})-[0-9a-f]{12}\.tmp$/;

/** A template says what may stand in an `.env`, and has no secret. */
const TEMPLATE = /\.(?:example|sample|template|dist)$/;

/** Names that no synthesis may have for a file, in whichever folder: the first row that fits says why. */
const RESERVED: readonly { readonly is: (name: string) => boolean; readonly reason: string }[] = [
  { is: (name) => name === ".git", reason: "belongs to Git" },
  { is: (name) => name === MANIFEST, reason: "is the record of what was written" },
  { is: (name) => name === IMAGE_LOCK, reason: "is the lock, which `lamb-compose lock` writes" },
  { is: (name) => name.startsWith(".lamb-compose"), reason: "is kept for lamb-compose's own locks and journals" },
  { is: (name) => TEMPORARY.test(name), reason: "is the name of a temporary file of lamb-compose" },
  {
    is: (name) => name.startsWith(".env") && !TEMPLATE.test(name),
    reason: "is the operator's, who keeps secrets there; a template ends in .example",
  },
];

/**
 * Why a path is not a synthesis's to write or to remove, whatever a program or a record says. `undefined` when it may.
 * The one list of such names.
 */
export function reservation(path: string): string | undefined {
  const names = path.split("/").map(comparable);
  return RESERVED.find(({ is }) => names.some(is))?.reason;
}

/** A name as file systems compare it that ignore case, invisible signs, and points or blanks at the end. */
function comparable(name: string): string {
  return name
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .replace(/[. ]+$/, "")
    .toLowerCase();
}
