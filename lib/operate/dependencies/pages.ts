import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMissing } from "../../disk/error";
import { PAGES } from "../../lamb/images/sources";
import { outputOf } from "./program";

/**
 * npm's lock of the pages. None when the checkout has its own.
 *
 * @throws OperateError `no-program`, `program-failed`
 */
export async function pagesLock(checkout: string, asOf: string): Promise<unknown> {
  const pages = join(checkout, PAGES);
  if (await isThere(join(pages, "package-lock.json"))) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "lamb-compose-pages-"));
  try {
    await copyFile(join(pages, "package.json"), join(folder, "package.json"));
    // Where a file was found says nothing of what is in it: its hash does, and another registry has the same.
    const words = ["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"];
    await outputOf("npm", [...words, "--no-audit", "--no-fund", `--before=${asOf}T23:59:59Z`], {
      cwd: folder,
      remedy: "install Node.js with npm",
    });
    return JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
