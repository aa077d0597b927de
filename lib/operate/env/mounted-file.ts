import type { Stats } from "node:fs";
import { lstat, readlink, realpath } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { isList } from "../../construct/copy";
import { FileError, isMissing, messageOf, systemCode } from "../../disk/error";
import { readContent } from "../../disk/read-file";
import type { EnvProblem } from "../../env/problem";
import type { ComposeMap } from "../../spec";

/** More than any chain of certificates has. */
const LARGEST = 1 << 20;
/** As many links as Linux follows. */
const LINKS = 40;

/** A service that reads files of the host. */
export interface Reader {
  readonly service: string;
  readonly settings: ComposeMap;
}

/** A file as a container finds it, or why it does not. */
export type Found =
  | { readonly bytes: Uint8Array }
  /** A link leads out of the folder, whose real path is `root`: there the container has something else, or nothing. */
  | { readonly root: string; readonly link: string; readonly outside: string; readonly isAbsolute: boolean }
  | Unusable;

type Unusable = Pick<EnvProblem, "code" | "severity" | "reason" | "fix">;

/**
 * Looks for a file as a container does that sees a folder of the host and nothing else of it.
 *
 * @param name path in the folder
 */
export async function findInFolder(folder: string, name: string, reader: Reader): Promise<Found> {
  try {
    // The engine follows links to the folder itself.
    const root = await realpath(folder);
    const left = name.split("/").reverse();
    let here = root;
    let link = join(root, name);
    for (let links = 0; left.length > 0; ) {
      const stats = await lstat(here);
      const unreadable = stats.isDirectory() ? whyUnreadable(reader, stats, 0o1) : undefined;
      if (unreadable !== undefined) return unreadable(here);
      const part = left.pop() ?? "";
      if (part === "" || part === ".") continue;
      const next = join(here, part);
      const target = part !== ".." && (await lstat(next)).isSymbolicLink() ? await readlink(next) : undefined;
      if (target !== undefined) link = next;
      if (target !== undefined && isAbsolute(target)) return { root, link, outside: target, isAbsolute: true };
      if (part === ".." && here === root) {
        const outside = await realpath(resolve(here, part, ...[...left].reverse()));
        return { root, link, outside, isAbsolute: false };
      }
      if (target === undefined) here = next;
      else if (++links > LINKS) return unusable("is a link that leads to itself", "name the file itself");
      else left.push(...target.split("/").reverse());
    }
    const content = await readContent(here, { limit: LARGEST });
    if (content === undefined) return MISSING;
    return whyUnreadable(reader, content.stats, 0o4)?.(here) ?? { bytes: content.bytes };
  } catch (error) {
    if (isMissing(error)) return MISSING;
    if (error instanceof FileError && error.code !== "cannot-read") return unusable(error.reason, error.fix);
    if (!(error instanceof FileError) && systemCode(error) !== "EACCES") throw error;
    const reason = `${error instanceof FileError ? error.reason : messageOf(error)}; it was not checked`;
    return { ...unusable(reason, "run this as a user who can read it, such as root"), severity: "warning" };
  }
}

const MISSING: Unusable = {
  code: "file-missing",
  severity: "error",
  reason: "is not there",
  fix: "put the file there, or correct the names: the folder counts from that of the Compose files, the file from the folder",
};

function unusable(reason: string, fix: string): Unusable {
  return { code: "file-unreadable", severity: "error", reason, fix };
}

/** Root's right to read what its mode does not let it read. */
const OVERRIDE: readonly string[] = ["ALL", "DAC_OVERRIDE"];

/**
 * Whether a container can use a file of the host, as Linux decides it; without `user:` it is root.
 *
 * @param right 4 to read a file, 1 to go through a folder
 */
function whyUnreadable({ service, settings }: Reader, { mode, uid, gid }: Stats, right: 0o4 | 0o1) {
  const [user = "", group] = String(settings.user ?? "").split(":");
  const asUser = user === "" || user === "root" ? 0 : Number(user);
  const asGroup = group === undefined ? (asUser === 0 ? 0 : undefined) : Number(group);
  if (process.platform !== "linux" || !Number.isInteger(asUser)) return undefined;
  const has = (list: unknown) =>
    isList(list) && list.some((one) => OVERRIDE.includes(String(one).toUpperCase().replace(/^CAP_/, "")));
  const isDropped = has(settings.cap_drop) && !has(settings.cap_add) && settings.privileged !== true;
  if (asUser === 0 && !isDropped) return undefined;
  const needed = uid === asUser ? right << 6 : gid === asGroup ? right << 3 : right;
  if ((mode & needed) !== 0) return undefined;
  const who = asUser === 0 ? "root without the right to read the files of others" : `user ${asUser}`;
  const rights = `it belongs to user ${uid} and has mode ${(mode & 0o777).toString(8)}`;
  return (path: string) =>
    unusable(
      `${service} cannot read: it runs as ${who}; the rights of ${path}: ${rights}`,
      `run \`chown ${asUser} ${path} && chmod ${right === 0o4 ? 600 : 700} ${path}\``,
    );
}
