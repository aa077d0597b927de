import { ConstructError } from "../../construct/errors";
import { PROBE_TIMING } from "../../construct/healthcheck";
import { Image } from "../../construct/image/image";
import type { IgnoreRule } from "../../images/docker-ignore";
import { belowContext, type PythonImageProps } from "../../images/python/python-image";
import type { Folder } from "../facts/service";
import { LambRelease } from "../release";
import { contractOf } from "./contracts";
import type { BuiltImage, DependenciesLock, DependencySet } from "./locks";
import { SHIPPED_LOCK } from "./shipped-lock";

/** What an image of LAMB is built from. */
export interface LambImageProps {
  /**
   * The release that the checkout becomes.
   * @default - the newest that this library knows, which may still be in preparation
   */
  readonly release?: LambRelease | undefined;
  /**
   * `slim` installs what is imported, `full` all that the requirements name.
   * @default "slim"
   */
  readonly dependencies?: DependencySet | undefined;
  /**
   * What is installed, to the version and the hash: the content of a `dependencies.lock.json`, which `lamb-compose
   * dependencies` writes.
   * @default - the lock that this library brings, of LAMB at the commit that it names
   */
  readonly lock?: DependenciesLock | undefined;
}

/** The image of Python below an image of LAMB. */
function pythonImage(version: string): Image {
  return new Image("python", { tag: `${version}-slim-bookworm` });
}

/** What may lie in any checkout, and in no image. */
const NEVER: readonly IgnoreRule[] = [
  {
    why: "Settings and secrets of the machine that builds.",
    patterns: ["**/.env", "**/.env.*", "**/*.pem", "**/*.key"],
  },
  {
    why: "Databases: one that is built in would be the start of every new volume.",
    patterns: ["**/*.db", "**/*.db-*", "**/*.sqlite", "**/*.sqlite3", "**/*.sqlite3-*"],
  },
  {
    why: "What tools leave behind.",
    patterns: [
      "**/.venv",
      "**/venv",
      "**/node_modules",
      "**/__pycache__",
      "**/*.py[cod]",
      "**/*.egg-info",
      "**/.pytest_cache",
      "**/.git",
      "**/*.log",
    ],
  },
];

/** What comes to an image beside what is known of its service. */
type Additions = Partial<Pick<PythonImageProps, "copies" | "needs" | "ignored">>;

/**
 * The image of a service of the release, as its facts have it.
 *
 * @throws ConstructError `not-in-release`; `no-lock` when the lock has nothing of the image
 */
export function pythonImageProps(
  image: BuiltImage,
  options: LambImageProps,
  additions: Additions = {},
): PythonImageProps {
  const { release = new LambRelease(LambRelease.upcoming), dependencies = "slim", lock = SHIPPED_LOCK } = options;
  const build = release.build(image);
  const facts = release.service(image);
  const { title, description, modulePath, scratch = [], ignored, ...source } = facts.source;
  const folders = Object.values<Folder>(facts.folders);
  const locked = lock.images[image];
  if (locked === undefined) {
    throw new ConstructError({
      code: "no-lock",
      value: image,
      reason: "is not in the lock of what the images install",
      fix: "write the lock again with `lamb-compose dependencies`",
    });
  }
  return {
    ...additions,
    build,
    base: pythonImage(locked.python ?? lock.python),
    labels: {
      title,
      description,
      source: "https://github.com/Lamb-Project/lamb",
      url: "https://lamb-project.org",
      vendor: "LAMB Project",
      licenses: "GPL-3.0-only",
    },
    user: facts.owner,
    program: belowContext(build, source.program),
    workdir: source.workdir,
    modulePath: modulePath.map((path) => path.image),
    entry: source.entry,
    port: facts.port,
    serverOptions: source.serverOptions,
    requirements: (locked.requirements ?? [source.requirements]).map((path) => belowContext(build, path)),
    packages: locked[dependencies],
    writable: [...folders.filter(({ isPrivate }) => isPrivate !== true).map(({ path }) => path), ...scratch],
    private: folders.filter(({ isPrivate }) => isPrivate).map(({ path }) => path),
    environment: source.environment,
    contract: contractOf(facts),
    probe: { program: facts.probe, timing: PROBE_TIMING },
    ignored: [
      ...NEVER,
      ...[...ignored, ...(additions.ignored ?? [])].map(({ why, patterns }) => ({
        why,
        patterns: patterns.map((path) => belowContext(build, path)),
      })),
    ],
  };
}
