import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readExistingText, readText } from "../../disk/read-file";
import { PAGES } from "../../lamb/facts/lamb";
import { outputOf } from "./program";

/**
 * npm's lock of the pages. None when the checkout has its own.
 *
 * @throws OperateError `no-program`, `program-failed`
 */
export async function pagesLock(checkout: string, asOf: string): Promise<unknown> {
  const pages = join(checkout, PAGES);
  if ((await readText(join(pages, "package-lock.json"))) !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "lamb-compose-pages-"));
  try {
    await writeFile(join(folder, "package.json"), await readExistingText(join(pages, "package.json")));
    // Where a file was found says nothing of what is in it: its hash does, and another registry has the same.
    const words = ["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"];
    await outputOf("npm", [...words, "--no-audit", "--no-fund", `--before=${asOf}T23:59:59Z`], {
      cwd: folder,
      remedy: "install Node.js with npm",
    });
    return JSON.parse(await readExistingText(join(folder, "package-lock.json")));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
