import { createHash } from "node:crypto";
import { join } from "node:path";
import { isObject, objectIn } from "../spec/json";
import { FileError, messageOf, WriteError } from "./error";
import { impossiblePath, listOfRefused } from "./output-path";
import { type FileContent, readContent } from "./read-file";
import { MANIFEST } from "./reserved-names";

/**
 * Path → hashes of the contents that a synthesis wrote there. While files are being replaced there are two: the old
 * one's and the new one's, so that a write that was cut off can be repeated.
 */
export type Manifest = Map<string, readonly string[]>;

export function hashOf(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

export function manifestText(manifest: ReadonlyMap<string, readonly string[]>): string {
  return `${JSON.stringify({ "made by": "lamb-compose", files: Object.fromEntries(manifest) }, null, 2)}\n`;
}

/**
 * Reads the record of a directory, if it has one. What it lists lies below the directory.
 *
 * @throws WriteError `bad-manifest`
 */
export async function readManifest(directory: string): Promise<Manifest> {
  return (await readRecord(directory)).manifest;
}

/** The same, with the record itself. */
export async function readRecord(
  directory: string,
): Promise<{ readonly manifest: Manifest; readonly content: FileContent | undefined }> {
  const path = join(directory, MANIFEST);
  let content: FileContent | undefined;
  try {
    content = await readContent(path);
  } catch (error) {
    throw unreadable(path, error instanceof FileError ? error.reason : messageOf(error));
  }
  if (content === undefined) return { manifest: new Map(), content };
  const entries = parse(content.bytes.toString("utf8"));
  if (entries === undefined) throw unreadable(path, "is not a record of written files");
  const impossible = listOfRefused(
    entries.map(([name]) => name),
    impossiblePath,
  );
  if (impossible !== undefined) throw unreadable(path, `lists what no program wrote${impossible}`);
  return { manifest: new Map(entries), content };
}

function parse(text: string): [string, string[]][] | undefined {
  const files = objectIn(text)?.files;
  if (!isObject(files)) return undefined;
  const entries = Object.entries(files);
  const valid = (entry: [string, unknown]): entry is [string, string[]] =>
    Array.isArray(entry[1]) && entry[1].every((hash) => typeof hash === "string");
  return entries.every(valid) ? entries : undefined;
}

function unreadable(path: string, reason: string): WriteError {
  return new WriteError({
    code: "bad-manifest",
    path,
    reason: `the record of what was written here cannot be read: ${reason}`,
    fix: "restore it from version control, or remove it together with the files that it lists",
  });
}
