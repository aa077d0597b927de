import type { LockedPackage } from "../../images/python/requirements";
import type { LambImageName as ImageName } from "../release";

/** The images that this library writes Dockerfiles of. Those of Open WebUI's fork and of the knowledge store are their own. */
export type BuiltImage = Exclude<ImageName, "openwebui" | "knowledgeStore">;

/**
 * How much is installed: what the program imports, or all that the project's requirements name.
 */
export type DependencySet = "slim" | "full";

/** What an image installs, and where its checkout asks for it. */
export interface ImageDependencies {
  readonly slim: readonly LockedPackage[];
  readonly full: readonly LockedPackage[];
  /**
   * The version of Python that the checkout has the program run on, such as `3.12`.
   * @default - the lock's
   */
  readonly python?: string | undefined;
  /**
   * Files of the checkout that ask for the packages.
   * @default - the one that LAMB has had for the image so far
   */
  readonly requirements?: readonly string[] | undefined;
}

/** Pages that several packages of one pnpm workspace become. Folders are those below `frontend`. */
export interface PagesWorkspace {
  /** pnpm itself: the version, and npm's lock of it. */
  readonly pnpm: { readonly version: string; readonly lock: unknown };
  /** The packages, such as `packages/ui`. */
  readonly packages: readonly string[];
  /** Those that become pages, in the order in which they are built: the one at the root of the site comes first. */
  readonly apps: readonly string[];
  /** Those that show the version. */
  readonly versioned: readonly string[];
  /**
   * pnpm's lock, for a checkout without one.
   * @default - the checkout has its own `pnpm-lock.yaml`
   */
  readonly lock?: string | undefined;
}

/** Exact versions of all that is installed: what `lamb-compose dependencies` writes. */
export interface DependenciesLock {
  /** The day whose newest versions these are, such as `2026-06-11`. */
  readonly asOf: string;
  /** The version of Python that they are for. */
  readonly python: string;
  readonly images: { readonly [Image in BuiltImage]?: ImageDependencies };
  /**
   * npm's lock of the pages, for a checkout without one.
   * @default - the checkout has its own `package-lock.json`
   */
  readonly pages?: unknown;
  /**
   * The pages of a checkout that has a pnpm workspace.
   * @default - the pages are one application, which npm builds
   */
  readonly workspace?: PagesWorkspace | undefined;
}
