import { Overlay, type OverlayProps } from "../../construct/overlay";
import { CACHE_FOLDER, SETTINGS_FOLDER } from "../facts/page-settings";
import { LAMB_USER } from "../facts/users";
import type { LambStack } from "../lamb-stack";
import { SCRATCH } from "../running";

/**
 * LAMB and the knowledge base on root file systems that nobody can write. For images that the Dockerfiles of this library
 * build: those of LAMB up to now write into their own folders at each start. The others are on one without it.
 *
 * @example
 * ```ts
 * new SealedOverlay(stack);
 * ```
 */
export class SealedOverlay extends Overlay {
  constructor(stack: LambStack, id = "sealed", props: Omit<OverlayProps, "over"> = {}) {
    super(stack, id, {
      description: "Root file systems that nobody can write, for images that run as their own user.",
      ...props,
      over: stack,
    });
    this.change(stack.lamb, { read_only: true, tmpfs: [SCRATCH, ...[SETTINGS_FOLDER, CACHE_FOLDER].map(ownTmpfs)] });
    this.change(stack.kb, { read_only: true, tmpfs: [SCRATCH] });
  }
}

/** Settings of pages are a few lines, and news a few pages: this is far more than either, and little memory. */
const SIZE = "16m";

/** A folder in memory that belongs to the user of the image. */
function ownTmpfs(path: string): string {
  return `${path}:size=${SIZE},uid=${LAMB_USER.id},gid=${LAMB_USER.id}`;
}
