/** A fact about what is built, which a build passes on as a build argument. */
export type BuildFact = "version" | "revision" | "created";

/** How an image is built from a checkout. Paths are those of the checkout, with `/` between folders. */
export interface ImageBuild {
  /** Last part of the image's name in its registry, such as `lamb-kb`. */
  readonly name: string;
  /** Folder that the builder gets. */
  readonly context: string;
  readonly dockerfile: string;
  /**
   * Build arguments with values of their own.
   * @default - none
   */
  readonly args?: Readonly<Record<string, string>> | undefined;
  /**
   * Build arguments that say what is built: the version, the commit, the time of the commit.
   * @default - `VERSION`, `REVISION`, `CREATED`
   */
  readonly identity?: Readonly<Record<string, BuildFact>> | undefined;
}

/** The arguments that say what is built, by the names that the Dockerfiles of this library give them. */
export const BUILD_IDENTITY: Readonly<Record<string, BuildFact>> = {
  VERSION: "version",
  REVISION: "revision",
  CREATED: "created",
};
