import { EnvVar } from "../construct/env-var";
import { ConstructError } from "../construct/errors";
import { Image } from "../construct/image/image";
import type { ImageBuild } from "../images/image-build";
import { LAMB_USER } from "./users";

/** The images that LAMB publishes, all of one version. */
export type LambImage = "lamb" | "kb" | "openwebui" | "libraryManager";

/** What is true of one release of LAMB. */
interface ReleaseFacts {
  readonly version: string;
  /** The git tag, which is the images' tag. */
  readonly tag: string;
  /** How each image is built, and its name in LAMB's registry. A service that a release does not have has no image. */
  readonly images: { readonly [Key in LambImage]?: ImageBuild };
  /** Why `lamb` must write Open WebUI's data. `undefined` for a release that only reads them. */
  readonly writesOpenWebUi: string | undefined;
}

const REGISTRY = "ghcr.io/lamb-project";

/** Contract section 2: users, groups and models are written by SQL, and nothing else would do it. */
const WRITES_USERS =
  "LAMB writes Open WebUI's users, groups and models into webui.db through this mount. Read-only, LAMB would start, log people in, and then fail when users or assistants are created.";

/** Contract sections 1 and 7. */
const BUILDS: { readonly [Key in LambImage]: ImageBuild } = {
  lamb: { name: "lamb", context: ".", dockerfile: "backend/Dockerfile" },
  kb: {
    name: "lamb-kb",
    context: "lamb-kb-server-stable",
    dockerfile: "lamb-kb-server-stable/Dockerfile",
  },
  openwebui: {
    name: "openwebui",
    context: "open-webui",
    dockerfile: "open-webui/Dockerfile",
    // Both write `webui.db`.
    args: { UID: `${LAMB_USER.id}`, GID: `${LAMB_USER.id}` },
    identity: { BUILD_HASH: "revision" },
  },
  libraryManager: {
    name: "lamb-library-manager",
    context: "library-manager",
    dockerfile: "library-manager/Dockerfile",
  },
};

const { libraryManager, ...CORE } = BUILDS;

/** Contract section 9. */
const RELEASES: readonly ReleaseFacts[] = [
  {
    version: "0.6",
    tag: "v0.6",
    images: CORE,
    writesOpenWebUi: WRITES_USERS,
  },
  {
    version: "0.7",
    tag: "v0.7",
    images: { ...CORE, libraryManager },
    writesOpenWebUi: WRITES_USERS,
  },
];

export interface LambReleaseProps {
  /**
   * Registry and folder of the images: a mirror on the campus, say.
   * @default "ghcr.io/lamb-project"
   */
  readonly registry?: string | undefined;
}

/**
 * A release of LAMB: which images there are, and what holds for them. One variable, `LAMB_VERSION`, moves all images
 * together, because LAMB reads Open WebUI's tables by the position of their columns. With a lock of images there is no
 * such variable: their digests are those of one release.
 *
 * @see contract sections 1.4, 2 and 9
 */
export class LambRelease {
  /** The versions that this library knows, oldest first. */
  static readonly versions: readonly string[] = RELEASES.map(({ version }) => version);

  /** The newest release that is out. */
  static readonly default = "0.6";

  /** The release that a checkout of LAMB becomes: the newest one that this library knows. */
  static readonly upcoming: string = RELEASES.at(-1)?.version ?? LambRelease.default;

  /** The version of every image of LAMB. */
  readonly versionVariable: EnvVar;
  /** Registry and folder of the images. */
  readonly registry: string;
  private readonly facts: ReleaseFacts;

  /** @throws ConstructError `unknown-release` */
  constructor(version: string = LambRelease.default, props: LambReleaseProps = {}) {
    const facts = RELEASES.find((release) => release.version === version);
    if (facts === undefined) {
      throw new ConstructError({
        code: "unknown-release",
        value: JSON.stringify(version),
        reason: "is not a release of LAMB that this library knows",
        fix: `use one of ${LambRelease.versions.join(", ")}; older ones publish no images`,
      });
    }
    this.facts = facts;
    this.registry = props.registry ?? REGISTRY;
    this.versionVariable = new EnvVar("LAMB_VERSION", {
      meaning: "version of LAMB: the tag of all its images, which are released together",
      default: facts.tag,
      group: "Version",
      type: (z) => z.string().regex(/^[\w][\w.-]{0,127}$/, "must be a tag such as v0.6"),
      refused: ["latest"],
    });
  }

  get version(): string {
    return this.facts.version;
  }

  /** How the images of the release are built from a checkout of LAMB. */
  get builds(): readonly ImageBuild[] {
    return Object.values(this.facts.images);
  }

  /** Whether the release has an image for a service. */
  has(image: LambImage): boolean {
    return this.facts.images[image] !== undefined;
  }

  /** Why `lamb` must write Open WebUI's data. `undefined` when it only reads them. */
  get writesOpenWebUi(): string | undefined {
    return this.facts.writesOpenWebUi;
  }

  /** @throws ConstructError `not-in-release` when the release has no such image */
  image(image: LambImage): Image {
    return new Image(`${this.registry}/${this.build(image).name}`, { tag: this.versionVariable });
  }

  /**
   * How an image is built from a checkout of LAMB.
   *
   * @throws ConstructError `not-in-release` when the release has no such image
   */
  build(image: LambImage): ImageBuild {
    const build = this.facts.images[image];
    if (build !== undefined) return build;
    throw new ConstructError({
      code: "not-in-release",
      value: image,
      reason: `LAMB ${this.version} has no image of it`,
      fix: `use a later release: new LambRelease("${RELEASES.find(({ images }) => images[image] !== undefined)?.version}")`,
    });
  }
}
