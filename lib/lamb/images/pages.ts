import { Image } from "../../construct/image/image";
import type { IgnoreRule } from "../../images/docker-ignore";
import { BaseImage, BuildArg } from "../../images/dockerfile/arg";
import { BuildMount } from "../../images/dockerfile/mount";
import { Stage } from "../../images/dockerfile/stage";
import { FRONTEND } from "../facts/lamb";
import { PAGE_SETTINGS } from "../facts/page-settings";
import type { DependenciesLock, PagesWorkspace } from "./locks";

/** What builds the pages. */
const NODE = new BaseImage("NODE_IMAGE", new Image("node", { tag: "20-alpine" }));

/** Folder of files that the build of the pages reads beside its sources. */
const PARTS = "backend/image";
export const VERSION_FILE = `${PARTS}/version.mjs`;
export const SETTINGS_FILE = `${PARTS}/svelte.config.js`;

const PNPM = "/opt/pnpm/node_modules/.bin/pnpm";

/** How the pages are built of a checkout. */
export interface PagesBuild {
  /** The stage that leaves them in `/frontend/build`. */
  readonly stage: Stage;
  /** What it needs of the checkout. */
  readonly source: string;
  readonly ignored: readonly IgnoreRule[];
  /** Locks that the checkout does not have, by the path at which the build finds them. */
  readonly locks: Readonly<Record<string, string>>;
}

/** The build of the pages, as the lock says that they lie in the checkout. */
export function pagesBuild({ pages, workspace }: DependenciesLock): PagesBuild {
  return workspace === undefined ? applicationBuild(pages) : workspaceBuild(workspace);
}

/** One application. `npm ci` takes what is locked, and nothing else. */
function applicationBuild(lock: unknown): PagesBuild {
  const source = `${FRONTEND}/svelte-app`;
  const lockFile = lock === undefined ? `${source}/package-lock.json` : `${PARTS}/pages.lock.json`;
  const stage = pagesStage()
    .workdir(`/${source}`)
    .copy([`${source}/package.json`, `${source}/.npmrc`], "./")
    .copy(lockFile, "./package-lock.json")
    .run(NPM_CI, { mounts: NPM_MOUNTS })
    .copy(`${source}/`, "./");
  const shown = "node /tmp/version.mjs > src/lib/version.js";
  addBuild(stage, [shown, ...svelteBuild("npx"), `ln -sf ${PAGE_SETTINGS.path} ../build/config.js`], "../build");
  return {
    stage,
    source,
    ignored: ignoredIn([source]),
    locks: lock === undefined ? {} : { [lockFile]: json(lock) },
  };
}

/** Several applications of one workspace, with the packages that they share. */
function workspaceBuild({ pnpm, packages, apps, versioned, lock }: PagesWorkspace): PagesBuild {
  const [pnpmFile, pnpmLock] = [`${PARTS}/pnpm.json`, `${PARTS}/pnpm.lock.json`];
  const lockFile = lock === undefined ? `${FRONTEND}/pnpm-lock.yaml` : `${PARTS}/pnpm-lock.yaml`;
  const stage = pagesStage()
    .workdir("/opt/pnpm")
    .copy(pnpmFile, "./package.json")
    .copy(pnpmLock, "./package-lock.json")
    .run(NPM_CI, { mounts: NPM_MOUNTS })
    .workdir(`/${FRONTEND}`)
    .copy([`${FRONTEND}/package.json`, `${FRONTEND}/pnpm-workspace.yaml`, lockFile], "./");
  for (const each of packages) stage.copy(`${FRONTEND}/${each}/package.json`, `./${each}/`);
  stage
    .run([`${PNPM} install --frozen-lockfile --ignore-scripts --store-dir /root/.pnpm-store`], {
      mounts: [BuildMount.cache("/root/.pnpm-store"), BuildMount.secret("npmrc", "/root/.npmrc")],
    })
    .copy(`${FRONTEND}/`, "./");
  const shown = versioned.map((each) => `${each}/src/lib/version.js`);
  addBuild(
    stage,
    [
      ...(shown.length === 0 ? [] : [["node /tmp/version.mjs | tee", ...shown]]),
      ...apps.flatMap((app) => [`cd /${FRONTEND}/${app}`, ...svelteBuild(`${PNPM} exec`)]),
      `cd /${FRONTEND}`,
      `for page in $(find build -name index.html); do ln -sf ${PAGE_SETTINGS.path} "\${page%/*}/config.js" || exit; done`,
    ],
    "build",
  );
  return {
    stage,
    source: FRONTEND,
    ignored: ignoredIn([FRONTEND, ...packages.map((each) => `${FRONTEND}/${each}`)]),
    locks: {
      [pnpmFile]: json({ private: true, dependencies: { pnpm: pnpm.version } }),
      [pnpmLock]: json(pnpm.lock),
      ...(lock === undefined ? {} : { [lockFile]: lock }),
    },
  };
}

const NPM_CI = ["npm ci --ignore-scripts --no-audit --no-fund"];
const NPM_MOUNTS = [BuildMount.cache("/root/.npm"), BuildMount.secret("npmrc", "/root/.npmrc")];

function pagesStage(): Stage {
  return new Stage("pages", {
    from: NODE,
    onBuildPlatform: true,
    comment: "The pages are the same on every platform: they are built once, on the builder's own.",
  });
}

/** One application, with the project's settings behind those of the build. */
function svelteBuild(runner: string): readonly string[] {
  return [
    "mv svelte.config.js svelte.config.project.js",
    "cp /tmp/svelte.config.js ./",
    `${runner} svelte-kit sync`,
    `${runner} vite build`,
  ];
}

function addBuild(stage: Stage, commands: readonly (string | readonly string[])[], built: string): void {
  stage
    .arg(new BuildArg("VERSION", "unknown"), new BuildArg("REVISION", "unknown"), new BuildArg("CREATED", "unknown"))
    .run([...commands, `chmod -R u=rwX,go=rX ${built}`], {
      comment:
        "The version comes from the build's arguments: there is no .git here, and the clock would make other pages each time.\nWhat the pages must know of the deployment is written at each start.",
      mounts: [
        BuildMount.bind(VERSION_FILE, "/tmp/version.mjs"),
        BuildMount.bind(SETTINGS_FILE, "/tmp/svelte.config.js"),
      ],
    });
}

function ignoredIn(folders: readonly string[]): readonly IgnoreRule[] {
  return [
    { why: "Tests of the pages.", patterns: folders.map((folder) => `${folder}/e2e`) },
    {
      why: "What an earlier build of the pages left, and the settings of a developer.",
      patterns: folders.flatMap((folder) =>
        [".svelte-kit", ".vite", "build", "static/config.js"].map((path) => `${folder}/${path}`),
      ),
    },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
