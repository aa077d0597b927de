import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { z } from "zod";
import { readYaml } from "../../construct/read-yaml";
import { readText } from "../../disk/read-file";
import { FRONTEND } from "../../lamb/facts/lamb";
import type { BuiltImage, PagesWorkspace } from "../../lamb/images/locks";
import { SOURCES } from "../../lamb/images/sources";
import { LambRelease } from "../../lamb/release";
import { messageOf, OperateError } from "../error";
import { missingFolders } from "./checkout";
import { requirementLines } from "./requirements";

/** The version of Python where a checkout names none. */
export const DEFAULT_PYTHON = "3.11";

/** Folder of the pages where they are one application. */
export const APPLICATION = `${FRONTEND}/svelte-app`;

/** Packages of a pnpm workspace, and the pnpm that they ask for: a version, or a range of npm's. */
export interface WorkspaceLayout extends Pick<PagesWorkspace, "packages" | "apps" | "versioned"> {
  readonly pnpm: string;
}

/** How the sources lie in a checkout of LAMB. Paths are those of the checkout. */
export interface CheckoutLayout {
  readonly images: {
    readonly [Image in BuiltImage]: { readonly python: string; readonly requirements: readonly string[] };
  };
  /** `undefined` where the pages are one application. */
  readonly workspace: WorkspaceLayout | undefined;
}

/** A file of the checkout. `undefined` when there is none. */
type Read = (path: string) => Promise<string | undefined>;

/**
 * How the sources lie in a checkout.
 *
 * @throws OperateError `not-a-checkout` when one of the programs is not there at all; `unknown-layout`
 */
export async function layoutOf(checkout: string): Promise<CheckoutLayout> {
  const read: Read = (path) => readText(join(checkout, path));
  await mustBeCheckout(checkout);
  const problems: string[] = [];
  const images = {
    lamb: await imageLayout("lamb", checkout, read, problems),
    kb: await imageLayout("kb", checkout, read, problems),
    libraryManager: await imageLayout("libraryManager", checkout, read, problems),
  };
  const workspace = await pagesLayout(checkout, read, problems);
  if (problems.length > 0) {
    throw new OperateError({
      code: "unknown-layout",
      path: checkout,
      reason: ["has sources in a layout that is not known:", ...problems].join("\n"),
      fix: "name a checkout with one of these layouts, or raise the version of lamb-compose",
    });
  }
  return { images, workspace };
}

async function mustBeCheckout(checkout: string): Promise<void> {
  const missing = await missingFolders(checkout);
  if (missing.length === 0) return;
  throw new OperateError({
    code: "not-a-checkout",
    path: checkout,
    value: missing.join("; "),
    reason: "does not have the folders of LAMB's repository",
    fix: "name the folder of a checkout of LAMB with --checkout",
  });
}

async function imageLayout(image: BuiltImage, checkout: string, read: Read, problems: string[]) {
  const { dockerfile } = new LambRelease(LambRelease.upcoming).build(image);
  const { program, requirements } = SOURCES[image];
  const folder = posix.dirname(requirements);
  return {
    python: await pythonOf(read, [...new Set([program, folder, "."])], dockerfile),
    requirements: requirements.endsWith(".toml")
      ? await projectFile(requirements, read, problems)
      : await requirementFiles(requirements, checkout, read, problems),
  };
}

/** What says the version of Python: the file that pyenv and uv read, then the Dockerfile of the checkout. */
async function pythonOf(read: Read, folders: readonly string[], dockerfile: string): Promise<string> {
  for (const folder of folders) {
    const [version] = /^3\.\d+/.exec(((await read(posix.join(folder, ".python-version"))) ?? "").trim()) ?? [];
    if (version !== undefined) return version;
  }
  return pythonIn((await read(dockerfile)) ?? "") ?? DEFAULT_PYTHON;
}

/** The version of the first image of Python that a Dockerfile names, whether or not a part of the name is an argument. */
function pythonIn(dockerfile: string): string | undefined {
  const given = new Map<string, string>();
  for (const [, words = ""] of dockerfile.matchAll(/^[ \t]*(?:ARG|FROM)[ \t]+(.*)$/gim)) {
    const text = words.replaceAll(
      /\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
      (_, bare?: string, braced?: string, otherwise = "") => given.get(bare ?? braced ?? "") ?? otherwise,
    );
    const [, version] = /\bpython:(3\.\d+)/.exec(text) ?? [];
    if (version !== undefined) return version;
    const [, name, value] = /^(\w+)=["']?([^\s"']*)/.exec(text) ?? [];
    if (name !== undefined && value !== undefined) given.set(name, value);
  }
  return undefined;
}

async function projectFile(path: string, read: Read, problems: string[]): Promise<readonly string[]> {
  if ((await read(path)) === undefined) problems.push(`${path} is missing`);
  return [path];
}

/** Requirements that are not the program's. */
const NOT_ITS_OWN = /^requirements-(?:dev|development|docs|lint|tests?)\.txt$/;

/**
 * The requirements file with those that it includes; where they ask for nothing, those beside it with a name that begins
 * the same way: `requirements-base.txt`, `requirements-ml.txt`.
 */
async function requirementFiles(
  path: string,
  checkout: string,
  read: Read,
  problems: string[],
): Promise<readonly string[]> {
  const main = await withIncluded(path, read);
  if (main.asks) return main.files;
  const folder = posix.dirname(path);
  const beside = (await readdir(join(checkout, folder)))
    .filter((name) => /^requirements-.+\.txt$/.test(name) && !NOT_ITS_OWN.test(name))
    .sort();
  const files = new Set<string>();
  let asks = false;
  for (const name of beside) {
    const found = await withIncluded(posix.join(folder, name), read);
    for (const file of found.files) files.add(file);
    asks ||= found.asks;
  }
  if (!asks) problems.push(`neither ${path} nor a requirements-….txt beside it asks for a package`);
  return [...files];
}

/** A requirements file and those that it includes, and whether any of them asks for a package. */
async function withIncluded(path: string, read: Read): Promise<{ files: readonly string[]; asks: boolean }> {
  const files = new Set<string>();
  const open = [path];
  let asks = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const text = files.has(next) ? undefined : await read(next);
    if (text === undefined) continue;
    files.add(next);
    asks ||= requirementLines(posix.basename(next), text).length > 0;
    for (const [, included = ""] of text.matchAll(/^\s*(?:-r|--requirement)[\s=]+(\S+)/gm)) {
      open.push(posix.join(posix.dirname(next), included));
    }
  }
  return { files: [...files], asks };
}

const PACKAGE = z.looseObject({
  packageManager: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

/** What makes a package pages: its files are served as they are built. */
const ADAPTER = "@sveltejs/adapter-static";

async function pagesLayout(checkout: string, read: Read, problems: string[]): Promise<WorkspaceLayout | undefined> {
  const workspaceFile = `${FRONTEND}/pnpm-workspace.yaml`;
  const workspace = await read(workspaceFile);
  const application = await read(`${APPLICATION}/package.json`);
  if (workspace === undefined) {
    if (application === undefined) {
      problems.push(`${FRONTEND} has neither svelte-app/package.json nor pnpm-workspace.yaml`);
    }
    return undefined;
  }
  if (application !== undefined) {
    problems.push(
      `${FRONTEND} has both svelte-app/package.json and pnpm-workspace.yaml: it is not clear what is built`,
    );
    return undefined;
  }
  const { packageManager = "pnpm" } = await packageIn(FRONTEND, read, problems);
  const named = /^pnpm(?:@(\d+\.\d+\.\d+))?(?:\+|$)/.exec(packageManager);
  if (named === null) problems.push(`${FRONTEND}/package.json names ${packageManager}, and only pnpm is known`);
  const packages = await packageFolders(checkout, readYaml(workspace, workspaceFile).packages, read, problems);
  const apps: { readonly path: string; readonly isBelow: boolean }[] = [];
  const versioned: string[] = [];
  for (const path of packages) {
    const folder = posix.join(FRONTEND, path);
    const { dependencies, devDependencies } = await packageIn(folder, read, problems);
    const settings = await read(`${folder}/svelte.config.js`);
    if (settings !== undefined && ADAPTER in { ...dependencies, ...devDependencies }) {
      apps.push({ path, isBelow: /\bbase\s*:/.test(settings) });
    }
    for (const file of ["src/lib/version.js", "scripts/generate-version.js"]) {
      if (versioned.at(-1) !== path && (await read(`${folder}/${file}`)) !== undefined) versioned.push(path);
    }
  }
  if (apps.length === 0) problems.push(`no package of ${workspaceFile} is built with ${ADAPTER}`);
  // Whatever is built at the root of the site empties the folder first.
  apps.sort((one, other) => Number(one.isBelow) - Number(other.isBelow));
  return { pnpm: named?.[1] ?? "*", packages, apps: apps.map(({ path }) => path), versioned };
}

/** The `package.json` of a folder. */
async function packageIn(folder: string, read: Read, problems: string[]): Promise<z.infer<typeof PACKAGE>> {
  const path = `${folder}/package.json`;
  const text = await read(path);
  if (text === undefined) {
    problems.push(`${path} is missing`);
    return {};
  }
  try {
    return PACKAGE.parse(JSON.parse(text));
  } catch (error) {
    problems.push(`${path} cannot be read: ${messageOf(error)}`);
    return {};
  }
}

/** The folders that a workspace's patterns mean: `apps/one`, or all folders of one with `packages/*`. */
async function packageFolders(checkout: string, patterns: unknown, read: Read, problems: string[]) {
  const found = new Set<string>();
  for (const pattern of Array.isArray(patterns) ? patterns.map(String) : []) {
    const [, above, all] = /^(?:\.\/)?([\w.@-]+(?:\/[\w.@-]+)*)(\/\*)?\/?$/.exec(pattern) ?? [];
    if (above === undefined || above.split("/").includes("..")) {
      problems.push(
        `${FRONTEND}/pnpm-workspace.yaml has the pattern ${pattern}, and only folders and folders with /* are known`,
      );
      continue;
    }
    const folders = all === undefined ? [above] : await foldersIn(checkout, above);
    for (const folder of folders) {
      if ((await read(posix.join(FRONTEND, folder, "package.json"))) !== undefined) found.add(folder);
    }
  }
  return [...found].sort();
}

async function foldersIn(checkout: string, folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(join(checkout, FRONTEND, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => posix.join(folder, name));
  } catch {
    return [];
  }
}
