import type { Construct } from "constructs";
import { ComposeConstruct } from "../../construct/compose-construct";
import { LambRelease } from "../release";
import type { LambImageProps } from "./common";
import { KbImage } from "./kb-image";
import { LambImage } from "./lamb-image";
import { LibraryManagerImage } from "./library-manager-image";

/**
 * What builds all images of a release from a checkout of LAMB. Open WebUI's is built by the Dockerfile of its fork.
 */
export class LambImages extends ComposeConstruct {
  readonly release: LambRelease;
  readonly lamb: LambImage;
  readonly kb: KbImage;
  /** Not before LAMB 0.7. */
  readonly libraryManager: LibraryManagerImage | undefined;

  constructor(scope: Construct, id: string, props: LambImageProps = {}) {
    super(scope, id);
    this.release = props.release ?? new LambRelease(LambRelease.upcoming);
    const common = { ...props, release: this.release };
    this.lamb = new LambImage(this, "lamb", common);
    this.kb = new KbImage(this, "kb", common);
    if (this.release.has("libraryManager")) {
      this.libraryManager = new LibraryManagerImage(this, "library-manager", common);
    }
  }
}
