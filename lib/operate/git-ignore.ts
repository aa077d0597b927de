import { join } from "node:path";
import { readText } from "../disk/read-file";
import { replaceFile } from "../disk/replace-file";
import { DIRECTORY_LOCK } from "../disk/reserved-names";

const FIRST = "# Made by `lamb-compose init`: what holds secrets stays out of version control.";
/** The `.env`, and what commands leave beside it. */
const PATTERNS = [".env", ".env.*.bak", ".env.*.tmp", ".env.lock", DIRECTORY_LOCK];
/** How others say the same, and more. */
const WIDER: readonly RegExp[] = [/^\/?\.env\*$/, /^\/?\*?\.env\.?\*$/];

/** What is to be done about a directory's `.gitignore`. */
export interface GitIgnorePlan {
  readonly path: string;
  /** The file as it should be. `undefined` when nothing is to be written. */
  readonly text: string | undefined;
  /** Lines that somebody else's file lacks: it is theirs to change. */
  readonly lacking: readonly string[];
}

/** Works out the `.gitignore` that belongs beside an `.env`. One of somebody else's is left as it is. */
export async function planGitIgnore(dir: string): Promise<GitIgnorePlan> {
  const path = join(dir, ".gitignore");
  const before = await textOf(path);
  const lines = new Set((before ?? "").split(/\r?\n/).map((line) => line.trim()));
  const isWide = [...lines].some((line) => WIDER.some((wide) => wide.test(line)));
  const lacking = isWide ? [] : PATTERNS.filter((pattern) => !lines.has(pattern) && !lines.has(`/${pattern}`));
  if (before === undefined) return { path, text: `${[FIRST, ...PATTERNS].join("\n")}\n`, lacking: [] };
  if (lacking.length === 0 || !lines.has(FIRST)) return { path, text: undefined, lacking };
  return { path, text: `${before.replace(/\n?$/, "\n")}${lacking.join("\n")}\n`, lacking: [] };
}

/** @throws FileError `cannot-write` */
export async function writeGitIgnore({ path, text }: GitIgnorePlan): Promise<void> {
  if (text !== undefined) await replaceFile(path, text);
}

/** `undefined` when there is none. What cannot be read is somebody else's, and says nothing. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch {
    return "";
  }
}
