import { ConstructError } from "../../construct/errors";
import { PROBE_TIMING } from "../../construct/healthcheck";
import { Image } from "../../construct/image/image";
import type { IgnoreRule } from "../../images/docker-ignore";
import { belowContext, type PythonImageProps } from "../../images/python/python-image";
import { LambRelease } from "../release";
import type { BuiltImage, DependenciesLock, DependencySet } from "./locks";
import { SHIPPED_LOCK } from "./shipped-lock";
import { SOURCES } from "./sources";

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
   * @default - the lock that this library brings, of LAMB at the commit that the contract names
   */
  readonly lock?: DependenciesLock | undefined;
}

/** What is particular to one of LAMB's images. */
export interface Particulars
  extends Pick<PythonImageProps, "user" | "workdir" | "port" | "writable" | "contract">,
    Partial<Pick<PythonImageProps, "environment" | "serverOptions" | "copies" | "needs">> {
  readonly image: BuiltImage;
  readonly title: string;
  readonly description: string;
  /** The program that says whether the container can do its work. */
  readonly probe: string;
  /** What the program's folder has, and the image must not. Paths are those of the checkout. */
  readonly ignored: readonly IgnoreRule[];
}

/** The image of Python below every image of LAMB. Contract section 7. */
const PYTHON = new Image("python", { tag: "3.11-slim-bookworm" });

/** What may lie in any checkout, and in no image. Contract section 5.29. */
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

/**
 * What is true of every image of LAMB, with what is particular to one.
 *
 * @throws ConstructError `not-in-release`; `no-lock` when the lock has nothing of the image
 */
export function pythonImageProps(options: LambImageProps, particulars: Particulars): PythonImageProps {
  const { image, title, description, probe, ignored, ...rest } = particulars;
  const { release = new LambRelease(LambRelease.upcoming), dependencies = "slim", lock = SHIPPED_LOCK } = options;
  const build = release.build(image);
  const { program, modulePath, entry, requirements } = SOURCES[image];
  const packages = lock.images[image]?.[dependencies];
  if (packages === undefined) {
    throw new ConstructError({
      code: "no-lock",
      value: image,
      reason: "is not in the lock of what the images install",
      fix: "make the lock anew with lamb-compose dependencies",
    });
  }
  return {
    ...rest,
    build,
    base: PYTHON,
    labels: {
      title,
      description,
      source: "https://github.com/Lamb-Project/lamb",
      url: "https://lamb-project.org",
      vendor: "LAMB Project",
      licenses: "GPL-3.0-only",
    },
    program: belowContext(build, program),
    modulePath: modulePath.map((path) => path.image),
    entry,
    requirements: belowContext(build, requirements),
    packages,
    probe: { program: probe, timing: PROBE_TIMING },
    ignored: [
      ...NEVER,
      ...ignored.map(({ why, patterns }) => ({ why, patterns: patterns.map((path) => belowContext(build, path)) })),
    ],
  };
}
