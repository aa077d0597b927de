import type { Construct } from "constructs";
import { ComposeConstruct } from "../../construct/compose-construct";
import type { StaleDocument } from "../../images/guide-text";
import { STALE_DOCUMENTS } from "../facts/documents";
import { LambRelease } from "../release";
import type { LambImageProps } from "./common";
import { KbImage } from "./kb-image";
import { LambImage } from "./lamb-image";
import { LibraryManagerImage } from "./library-manager-image";
import type { DependenciesLock } from "./locks";
import { isLambImages, markLambImages } from "./mark";
import { SHIPPED_LOCK } from "./shipped-lock";

/**
 * What builds all images of a release from a checkout of LAMB. Open WebUI's is built by the Dockerfile of its fork.
 */
export class LambImages extends ComposeConstruct {
  static isLambImages = isLambImages;

  readonly release: LambRelease;
  /** What is installed, and how the sources lie that the images are built from. */
  readonly lock: DependenciesLock;
  /** Files of LAMB's repository that are wrong, or used by nothing, once the generated ones lie there. */
  readonly staleDocuments: readonly StaleDocument[] = STALE_DOCUMENTS;
  readonly lamb: LambImage;
  readonly kb: KbImage;
  /** Not before LAMB 0.7. */
  readonly libraryManager: LibraryManagerImage | undefined;

  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    super(scope, id);
    markLambImages(this);
    this.lock = props.lock ?? SHIPPED_LOCK;
    this.release = props.release ?? new LambRelease(LambRelease.upcoming);
    const common = { ...props, release: this.release, lock: this.lock };
    this.lamb = new LambImage(this, "lamb", common);
    this.kb = new KbImage(this, "kb", common);
    if (this.release.has("libraryManager")) {
      this.libraryManager = new LibraryManagerImage(this, "library-manager", common);
    }
  }
}
