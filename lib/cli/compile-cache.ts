import { mkdirSync, statSync } from "node:fs";
import nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Has Node.js keep what it compiled for the next start, where it can: from 22.1 on. It is kept in the user's own cache
 * and not, as is the default, below `/tmp`: who can write there before us could have us run code of theirs.
 */
export function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(nodeModule, "enableCompileCache");
  if (typeof enable !== "function") return;
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "lamb-compose");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid === process.getuid?.() && (mode & 0o022) === 0) enable(folder);
  } catch {
    // No home, or one that nobody can write: the command starts a little later.
  }
}
