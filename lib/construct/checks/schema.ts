import type { Finding } from "../../report/finding";
import { validate } from "../../spec";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** What the Compose Specification's schema does not allow. */
export function* schema(rendered: RenderedFile): Generator<Finding> {
  for (const { path, reason, fix } of validate(rendered.document)) {
    yield inFile(rendered, { code: "schema", path, reason, fix });
  }
}
