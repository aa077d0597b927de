import type { Construct } from "constructs";
import { Artifact } from "../../construct/artifact";
import { Image } from "../../construct/image/image";
import { madeBy } from "../../construct/made-by";
import { BaseImage, BuildArg } from "../../images/dockerfile/arg";
import { BuildMount } from "../../images/dockerfile/mount";
import { Stage } from "../../images/dockerfile/stage";
import { PythonImage } from "../../images/python/python-image";
import { PAGES } from "../facts/lamb";
import { PAGE_SETTINGS } from "../facts/page-settings";
import { SVELTE_CONFIG, VERSION } from "../generated/programs";
import { type LambImageProps, pythonImageProps } from "./common";
import { SHIPPED_LOCK } from "./shipped-lock";

/** What builds the pages. */
const NODE = new BaseImage("NODE_IMAGE", new Image("node", { tag: "20-alpine" }));

/** Where the backend looks for the pages: beside its own folder. */
const PAGES_IN_IMAGE = "/app/frontend/build";

/** Files that the build of the pages reads beside its sources. */
const LOCK_FILE = "backend/image/pages.lock.json";
const VERSION_FILE = "backend/image/version.mjs";
const SETTINGS_FILE = "backend/image/svelte.config.js";

/**
 * LAMB's own image: the backend, and the pages that it serves.
 */
export class LambImage extends PythonImage {
  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    const { pages: lock } = props.lock ?? SHIPPED_LOCK;
    const pages = pagesStage(lock === undefined ? `${PAGES}/package-lock.json` : LOCK_FILE);
    super(
      scope,
      id,
      pythonImageProps("lamb", props, {
        copies: [{ from: pages, source: "/frontend/build", target: PAGES_IN_IMAGE }],
        needs: [PAGES],
      }),
    );
    for (const [name, fileName, program] of [
      ["version", VERSION_FILE, VERSION],
      ["pages-settings", SETTINGS_FILE, SVELTE_CONFIG],
    ] as const) {
      new Artifact(this, name, { fileName, content: `// ${madeBy(this)}\n${program}` });
    }
    if (lock === undefined) return;
    new Artifact(this, "pages-lock", { fileName: LOCK_FILE, content: `${JSON.stringify(lock, null, 2)}\n` });
  }
}

/** The pages. `npm ci` takes what is locked, and nothing else. */
function pagesStage(lock: string): Stage {
  return new Stage("pages", {
    from: NODE,
    onBuildPlatform: true,
    comment: "The pages are the same on every platform: they are built once, on the builder's own.",
  })
    .workdir(`/${PAGES}`)
    .copy([`${PAGES}/package.json`, `${PAGES}/.npmrc`], "./")
    .copy(lock, "./package-lock.json")
    .run(["npm ci --ignore-scripts --no-audit --no-fund"], {
      mounts: [BuildMount.cache("/root/.npm"), BuildMount.secret("npmrc", "/root/.npmrc")],
    })
    .copy(`${PAGES}/`, "./")
    .arg(new BuildArg("VERSION", "unknown"), new BuildArg("REVISION", "unknown"), new BuildArg("CREATED", "unknown"))
    .run(
      [
        "node /tmp/version.mjs > src/lib/version.js",
        "mv svelte.config.js svelte.config.project.js",
        "cp /tmp/svelte.config.js ./",
        "npx svelte-kit sync",
        "npx vite build",
        `ln -sf ${PAGE_SETTINGS.path} ../build/config.js`,
        "chmod -R u=rwX,go=rX ../build",
      ],
      {
        comment:
          "The version comes from the build's arguments: there is no .git here, and the clock would make other pages each time.\nWhat the pages must know of the deployment is written at each start.",
        mounts: [
          BuildMount.bind(VERSION_FILE, "/tmp/version.mjs"),
          BuildMount.bind(SETTINGS_FILE, "/tmp/svelte.config.js"),
        ],
      },
    );
}
