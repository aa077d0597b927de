import type { LockedPackage } from "../../images/python/requirements";
import type { LambImageName as ImageName } from "../release";

/** The images that this library writes Dockerfiles of. Those of Open WebUI's fork and of the knowledge store are their own. */
export type BuiltImage = Exclude<ImageName, "openwebui" | "knowledgeStore">;

/**
 * How much is installed: what the program imports, or all that the project's requirements name.
 */
export type DependencySet = "slim" | "full";

/** Exact versions of all that is installed: what `lamb-compose dependencies` writes. */
export interface DependenciesLock {
  /** The day whose newest versions these are, such as `2026-06-11`. */
  readonly asOf: string;
  /** The version of Python that they are for. */
  readonly python: string;
  readonly images: { readonly [Image in BuiltImage]?: { readonly [Set in DependencySet]: readonly LockedPackage[] } };
  /**
   * npm's lock of the pages, for a checkout without one.
   * @default - the checkout has its own `package-lock.json`
   */
  readonly pages?: unknown;
}
