import { imageName } from "../../construct/image/name";
import type { Rule, Violation } from "../rule";
import { servicesOf } from "../service-view";

/**
 * A rule: images that only fit together are of one version.
 *
 * @param isOfFamily whether an image, named without tag and digest, is released together with the others
 */
export function lockStep(isOfFamily: (repository: string) => boolean): Rule {
  return {
    id: "lock-step",
    what: "runs another version than the images it is released together with",
    why: "they read each other's tables: one that is newer than the other fails in ways that no healthcheck sees",
    fix: "let one variable name the version of all of them",
    severity: "error",
    *check(deployment): Generator<Violation> {
      let first: { readonly name: string; readonly tag: string } | undefined;
      for (const { name, spec, image, at } of servicesOf(deployment)) {
        if (image === undefined || typeof spec.image !== "string" || !isOfFamily(image.repository)) continue;
        // A variable is another tag than its default: only one of the two moves with the .env.
        const tag = imageName(spec.image).tag ?? image.tag ?? (image.digest === undefined ? "latest" : undefined);
        if (tag === undefined) continue;
        first ??= { name, tag };
        if (tag === first.tag) continue;
        yield { path: at("image"), value: tag, reason: `runs ${tag}, and ${first.name} runs ${first.tag}` };
      }
    },
  };
}
