import type { Finding } from "../../report/finding";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** Patches that change nothing: what they were written against has changed. */
export function* patches(rendered: RenderedFile): Generator<Finding> {
  for (const { what, by, path } of rendered.register.misses) {
    const reason = `the patch changes nothing: it ${what.reason}`;
    const fix = "remove it from the patch, or patch what is there now";
    yield inFile(rendered, { code: "patch-misses", path, by, reason, fix });
  }
}
