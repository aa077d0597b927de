import { join } from "node:path";
import { z } from "zod";
import { readExistingText, readText } from "../../disk/read-file";
import { FRONTEND } from "../../lamb/facts/lamb";
import type { DependenciesLock } from "../../lamb/images/locks";
import { APPLICATION, type WorkspaceLayout } from "./layout";
import { inFolder, outputOf } from "./program";

const REMEDY = "install Node.js with npm";

/**
 * The locks of the pages: npm's of an application, or pnpm's of a workspace. None of those that the checkout has itself.
 *
 * @throws OperateError `no-program`, `program-failed`
 */
export async function pagesLock(
  checkout: string,
  workspace: WorkspaceLayout | undefined,
  asOf: string,
): Promise<Pick<DependenciesLock, "pages" | "workspace">> {
  if (workspace !== undefined) return { workspace: await workspaceLock(checkout, workspace, asOf) };
  if ((await readText(join(checkout, APPLICATION, "package-lock.json"))) !== undefined) return {};
  return { pages: await npmLock(await readExistingText(join(checkout, APPLICATION, "package.json")), asOf) };
}

async function workspaceLock(
  checkout: string,
  { pnpm, ...layout }: WorkspaceLayout,
  asOf: string,
): Promise<DependenciesLock["workspace"]> {
  const lock = await npmLock(JSON.stringify({ private: true, dependencies: { pnpm } }), asOf);
  const { version } = PNPM_IN_LOCK.parse(lock).packages["node_modules/pnpm"];
  const own = await readText(join(checkout, FRONTEND, "pnpm-lock.yaml"));
  return {
    pnpm: { version, lock },
    ...layout,
    ...(own === undefined ? { lock: await pnpmLock(checkout, layout.packages, version, asOf) } : {}),
  };
}

const PNPM_IN_LOCK = z.looseObject({
  packages: z.looseObject({ "node_modules/pnpm": z.looseObject({ version: z.string() }) }),
});

/** What npm locks of a `package.json`. */
function npmLock(packageJson: string, asOf: string): Promise<unknown> {
  return inFolder({ "package.json": packageJson }, async (folder) => {
    // Where a file was found says nothing of what is in it: its hash does, and another registry has the same.
    const words = ["install", "--package-lock-only", "--ignore-scripts", "--omit-lockfile-registry-resolved"];
    await outputOf("npm", [...words, "--save-exact", "--no-audit", "--no-fund", `--before=${endOf(asOf)}`], {
      cwd: folder,
      remedy: REMEDY,
    });
    return JSON.parse(await readExistingText(join(folder, "package-lock.json")));
  });
}

const MINUTE = 60_000;

/** What pnpm locks of a workspace. It knows no day, only how many minutes old a version must be. */
async function pnpmLock(checkout: string, packages: readonly string[], version: string, asOf: string): Promise<string> {
  const files: Record<string, string> = {};
  for (const path of ["package.json", "pnpm-workspace.yaml", ...packages.map((each) => `${each}/package.json`)]) {
    files[path] = await readExistingText(join(checkout, FRONTEND, path));
  }
  return inFolder(files, async (folder) => {
    const age = Math.max(0, Math.ceil((Date.now() - Date.parse(endOf(asOf))) / MINUTE));
    const words = ["install", "--lockfile-only", "--ignore-scripts", "--no-frozen-lockfile"];
    await outputOf("npx", ["--yes", `pnpm@${version}`, ...words, `--config.minimum-release-age=${age}`], {
      cwd: folder,
      remedy: REMEDY,
    });
    return readExistingText(join(folder, "pnpm-lock.yaml"));
  });
}

function endOf(day: string): string {
  return `${day}T23:59:59Z`;
}
