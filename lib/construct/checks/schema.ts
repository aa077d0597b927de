import type { Finding } from "../../report/finding";
import { validate, type YamlPath } from "../../spec";
import { mapOf } from "../../spec/value";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/**
 * What the Compose Specification's schema does not allow. Of items of a list that are the same, Compose keeps one before
 * it asks the schema, in most lists; and it takes a model without settings, `models: {llm: }`.
 */
export function* schema(rendered: RenderedFile): Generator<Finding> {
  for (const { path, reason, fix, keyword } of validate(rendered.document)) {
    if (keyword === "uniqueItems" || isModelWithoutSettings(rendered, path)) continue;
    yield inFile(rendered, { code: "schema", path, reason, fix });
  }
}

function isModelWithoutSettings({ document }: RenderedFile, path: YamlPath): boolean {
  const [services, name = "", models, model = ""] = path;
  if (services !== "services" || models !== "models" || path.length !== 4) return false;
  return mapOf(mapOf(mapOf(document.services)[name]).models)[model] === null;
}
