import { readlink } from "node:fs/promises";
import { join } from "node:path";
import { readText } from "../disk/read-file";
import { replaceFile } from "../disk/replace-file";
import { DIRECTORY_LOCK } from "../disk/reserved-names";
import { STATE_FOLDER } from "./journal/folder";

const FIRST = "# Made by `lamb-compose init`: what holds secrets stays out of version control.";
/** The `.env`, and what commands leave beside it. */
const PATTERNS = [".env", ".env.*.bak", ".env.*.tmp", ".env.lock", DIRECTORY_LOCK, `${STATE_FOLDER}/`];
/** What is to be done about a directory's `.gitignore`. */
export interface GitIgnorePlan {
  readonly path: string;
  /** The file as it should be. `undefined` when nothing is to be written. */
  readonly text: string | undefined;
  /** Whether there is no such file yet. */
  readonly isNew: boolean;
  /** Patterns that the file lacks. */
  readonly lacking: readonly string[];
}

/**
 * Works out the `.gitignore` that belongs beside an `.env`. Lines that are there stay; what is missing is added at the end. A
 * file that cannot be read is left alone.
 */
export async function planGitIgnore(dir: string): Promise<GitIgnorePlan> {
  const path = join(dir, ".gitignore");
  const before = await textOf(path);
  if (before === null) return { path, text: undefined, isNew: false, lacking: PATTERNS };
  const lines = (before ?? "").split("\n").map((line) => line.trimEnd());
  const lacking = PATTERNS.filter((pattern) => !isIgnored(pattern, lines));
  if (lacking.length === 0) return { path, text: undefined, isNew: false, lacking };
  const head = before === undefined || before === "" || before.endsWith("\n") ? (before ?? "") : `${before}\n`;
  const added = lines.includes(FIRST) ? lacking : [FIRST, ...lacking];
  return { path, text: `${head}${added.join("\n")}\n`, isNew: before === undefined, lacking };
}

/** `undefined` when there is none, `null` for what cannot be read: no file, no text, a link that leads to nothing. */
async function textOf(path: string): Promise<string | undefined | null> {
  const text = await readText(path).catch(() => null);
  const target = text === undefined ? await readlink(path).catch(() => undefined) : undefined;
  return target === undefined ? text : null;
}

/** Whether lines of a `.gitignore` say the same as a pattern, or more. The last line that does counts, as for Git. */
function isIgnored(pattern: string, lines: readonly string[]): boolean {
  const last = lines.findLast((line) => matches(line.replace(/^!/, ""), pattern));
  return last !== undefined && !last.startsWith("!");
}

/** Whether a line of a `.gitignore` matches a name in its folder; of a folder the name ends in `/`. */
function matches(line: string, name: string): boolean {
  const isFolder = name.endsWith("/");
  const glob = line.replace(/^\//, "").replace(isFolder ? /\/$/ : "", "");
  if (glob === "" || glob.startsWith("#")) return false;
  const source = glob.replace(/\*+|[^\w*]/g, (sign) =>
    sign.startsWith("*") ? "[^/]*" : sign === "?" ? "[^/]" : `\\u{${sign.codePointAt(0)?.toString(16)}}`,
  );
  return new RegExp(`^${source}$`, "u").test(isFolder ? name.slice(0, -1) : name);
}

/** @throws FileError `cannot-write` */
export async function writeGitIgnore({ path, text }: GitIgnorePlan): Promise<void> {
  if (text !== undefined) await replaceFile(path, text);
}
