import type { Finding } from "../../report/finding";
import { validate } from "../../spec";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/**
 * What the Compose Specification's schema does not allow. Of items of a list that are the same, Compose keeps one before
 * it asks the schema, in most lists.
 */
export function* schema(rendered: RenderedFile): Generator<Finding> {
  for (const { path, reason, fix, keyword } of validate(rendered.document)) {
    if (keyword === "uniqueItems") continue;
    yield inFile(rendered, { code: "schema", path, reason, fix });
  }
}
