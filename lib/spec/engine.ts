import { engineDifferences } from "./generated/tables";
import { matching, type RawError, rawErrors } from "./raw";
import type { YamlPath } from "./value";

/** Where Docker Compose 2.40 says something else than today's specification. In a path, `*` is any key. */
export interface EngineDifferences {
  readonly unknownKeys: readonly { readonly at: readonly string[]; readonly keys: readonly string[] }[];
  readonly moreTypes: readonly { readonly at: readonly string[]; readonly types: readonly string[] }[];
}

/**
 * Everything that the schema inside Docker Compose 2.40 (compose-go 2.9.1) has against a document, without prose: what
 * is needed to say it in Compose's own words. Of several items of a list that are equal, the pair that Compose names
 * comes first.
 */
export function schemaErrors(document: unknown): readonly RawError[] {
  return [...rawErrors(document).filter((error) => !accepted(error) && !skipped(error)), ...unknownKeys(document)];
}

function accepted({ keyword, path, value }: RawError): boolean {
  return (
    keyword === "type" &&
    value === null &&
    engineDifferences.moreTypes.some(
      ({ at, types }) => types.includes("null") && at.length === path.length && fits(path, at),
    )
  );
}

/** Whether it is about something below a key that the engine does not know, and so does not look into. */
function skipped({ path }: RawError): boolean {
  return engineDifferences.unknownKeys.some(
    ({ at, keys }) => fits(path, at) && keys.some((key) => key === path[at.length]),
  );
}

function* unknownKeys(document: unknown): Generator<RawError> {
  for (const { at, keys } of engineDifferences.unknownKeys) {
    for (const [path, value] of matching(document, at)) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
      for (const key of keys) {
        if (Object.hasOwn(value, key)) {
          yield { path, value, keyword: "additionalProperties", params: { additionalProperty: key } };
        }
      }
    }
  }
}

/** Whether a path goes through a place. */
function fits(path: YamlPath, at: readonly string[]): boolean {
  return path.length >= at.length && at.every((step, index) => step === "*" || step === path[index]);
}
