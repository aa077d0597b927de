import type { Finding } from "../../report/finding";
import { mapOf } from "../../spec/value";
import { Overlay } from "../overlay";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** `reset()` and `override()` where nothing is changed: in a file over no other, in a service that extends none. */
export function* tags(rendered: RenderedFile): Generator<Finding> {
  if (Overlay.isOverlay(rendered.file)) return;
  const services = mapOf(rendered.document.services);
  for (const { what, path } of rendered.register.tags) {
    if (path[0] === "services" && mapOf(services[path[1] ?? ""]).extends !== undefined) continue;
    const reason = `${what} changes values of the files below it, and there is no file below it`;
    const fix = "set the value itself, or use an Overlay";
    yield inFile(rendered, { code: "tag-outside-overlay", path, reason, fix });
  }
}
