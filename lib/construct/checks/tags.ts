import type { Finding } from "../../report/finding";
import { Overlay } from "../overlay";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** `reset()` and `override()` in a file that changes nothing below it. */
export function* tags(rendered: RenderedFile): Generator<Finding> {
  if (Overlay.isOverlay(rendered.file)) return;
  for (const { what, path } of rendered.register.tags) {
    const reason = `${what} changes what files below say, and this file is merged over none`;
    const fix = "set the value itself, or use an Overlay";
    yield inFile(rendered, { code: "tag-outside-overlay", path, reason, fix });
  }
}
