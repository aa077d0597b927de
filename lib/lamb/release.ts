import { EnvVar } from "../construct/env-var";
import { ConstructError } from "../construct/errors";
import { Image } from "../construct/image/image";
import type { StackReleaseProps } from "../construct/stack-release";
import type { ImageBuild } from "../images/image-build";
import { RELEASES, type ReleaseFacts, type ReleaseServices, servicesOf } from "./facts/releases";
import type { LambServiceFacts, ServiceFacts } from "./facts/service";

/** A service of a release. */
export type LambServiceName = keyof ReleaseServices;

/** The images that LAMB publishes, all of one version. */
export type LambImageName = Exclude<LambServiceName, "ollama" | "caddy" | "qdrant" | "neo4j">;

const REGISTRY = "ghcr.io/lamb-project";

/** Where the images of a {@link LambRelease} come from. */
export interface LambReleaseProps {
  /**
   * Registry and folder of the images: a mirror on the campus, say.
   * @default "ghcr.io/lamb-project"
   */
  readonly registry?: string | undefined;
  /**
   * Registry and folder of the images that are not LAMB's, Caddy and Ollama: they keep their names there.
   * @default - Docker Hub
   */
  readonly registryOfOthers?: string | undefined;
}

/**
 * A release of LAMB: which services there are, and what holds for them. One variable, `LAMB_VERSION`, moves all images
 * together, because LAMB reads Open WebUI's tables by the position of their columns. With a lock of images there is no
 * such variable: their digests are those of one release.
 *
 * @example
 * ```ts
 * const mirrored = new LambRelease("0.6", { registry: "registry.campus.example/lamb" });
 * new LambStack(app, "next", { release: mirrored });
 * ```
 */
export class LambRelease {
  /** The versions that this library knows, oldest first. */
  static readonly versions: readonly string[] = RELEASES.map(({ version }) => version);

  /** The newest release that is out. */
  static readonly default: string = RELEASES.findLast(({ out }) => out)?.version ?? "";

  /** The release that a checkout of LAMB becomes: the newest one that this library knows. */
  static readonly upcoming: string = RELEASES.at(-1)?.version ?? LambRelease.default;

  /** The version of every image of LAMB. */
  readonly versionVariable: EnvVar;
  /** Registry and folder of the images. */
  readonly registry: string;
  private readonly registryOfOthers: string | undefined;
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
    this.registryOfOthers = props.registryOfOthers;
    this.versionVariable = new EnvVar("LAMB_VERSION", {
      meaning: "version of LAMB: the tag of all its images, which are released together",
      default: facts.tag,
      group: "Version",
      type: (z) => z.string().regex(/^[\w][\w.-]{0,127}$/, `must be a tag such as ${facts.tag}`),
      refused: ["latest"],
    });
  }

  get version(): string {
    return this.facts.version;
  }

  /** Whether it is published. */
  get isOut(): boolean {
    return this.facts.out;
  }

  /** What it changes in the data that older releases cannot undo. Sentences. */
  get oneWay(): readonly string[] {
    return this.facts.oneWay;
  }

  /**
   * The versions of the schemas that it writes, by the database, as far as databases have one.
   *
   * @internal
   */
  get schemas(): ReleaseFacts["schemas"] {
    return this.facts.schemas;
  }

  /**
   * What `upgrade` must know of it.
   *
   * @internal
   */
  get inOrder(): StackReleaseProps {
    const { version, retracted } = this.facts;
    const before = RELEASES.slice(0, RELEASES.indexOf(this.facts));
    const stops = before.flatMap(({ version: one, stop }) => (stop === undefined ? [] : [[one, stop] as const]));
    const changing = [...before, this.facts].flatMap((one) =>
      one.oneWay.length === 0 ? [] : [[one.version, one.oneWay] as const],
    );
    return {
      version,
      earlier: before.map((one) => one.version),
      stops: stops.length === 0 ? undefined : Object.fromEntries(stops),
      oneWay: changing.length === 0 ? undefined : Object.fromEntries(changing),
      retracted,
    };
  }

  /**
   * What is known of each service of the release.
   *
   * @internal
   */
  get services(): readonly ServiceFacts[] {
    return servicesOf(this.facts);
  }

  /** How the images of the release are built from a checkout of LAMB. */
  get builds(): readonly ImageBuild[] {
    const { lamb, kb, openwebui, libraryManager, knowledgeStore } = this.facts.services;
    return [lamb, kb, openwebui, libraryManager, knowledgeStore].flatMap((one) =>
      one === undefined ? [] : [buildOf(one)],
    );
  }

  /** Whether the release has a service. */
  has(name: LambServiceName): boolean {
    return this.facts.services[name] !== undefined;
  }

  /** Why `lamb` must write Open WebUI's data. `undefined` when it only reads them. */
  get writesOpenWebUi(): string | undefined {
    return this.facts.services.lamb.folders.openwebui.writes;
  }

  /**
   * What is known of a service.
   *
   * @throws ConstructError `not-in-release` when the release does not have it
   * @internal
   */
  service<Name extends LambServiceName>(name: Name): NonNullable<ReleaseServices[Name]> {
    const service = this.facts.services[name];
    if (service !== undefined) return service;
    const later = RELEASES.find(({ services }) => services[name] !== undefined);
    throw new ConstructError({
      code: "not-in-release",
      value: name,
      reason: `LAMB ${this.version} has no image of it`,
      fix:
        later === undefined
          ? "leave it out: no release of LAMB that this library knows has it"
          : `use a later release: new LambRelease("${later.version}")`,
    });
  }

  /** @throws ConstructError `not-in-release` when the release has no such image */
  image(name: LambServiceName): Image {
    const { image, tag }: ServiceFacts = this.service(name);
    return tag === undefined
      ? new Image(`${this.registry}/${image}`, { tag: this.versionVariable })
      : new Image(this.registryOfOthers === undefined ? image : `${this.registryOfOthers}/${image}`, { tag });
  }

  /**
   * How an image is built from a checkout of LAMB.
   *
   * @throws ConstructError `not-in-release` when the release has no such image
   */
  build(image: LambImageName): ImageBuild {
    return buildOf(this.service(image));
  }
}

function buildOf({ image, build }: LambServiceFacts): ImageBuild {
  return { name: image, ...build };
}
