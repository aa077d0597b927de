import type { Finding } from "../../report/finding";
import { formatPath, type YamlPath } from "../../spec";
import { inside } from "../../spec/inside";
import { mapOf } from "../../spec/value";
import { isMap } from "../copy";
import { imageName } from "../image/name";
import { imageKeyOf } from "../image/places";
import type { ImageUse, Unlocked } from "../image/use";
import { expandMarkers } from "../marker";
import type { Deployment } from "../synth/deployment";
import type { RenderedFile } from "../synth/rendered-file";
import { inDeployment } from "./check";

/** Why an image has no digest: what to say of it. */
const UNLOCKED: Readonly<Record<Unlocked, Pick<Finding, "reason" | "fix">>> = {
  missing: {
    reason: "the image is not in images.lock.json, so the next pull may bring another one under the same tag",
    fix: "run `lamb-compose lock`, and then this program again",
  },
  open: {
    reason: "the name of the image depends on a variable without a default, so its digest cannot be known",
    fix: "give the variable a default, or name the image itself",
  },
  "no-name": {
    reason: "is not the name of an image, so its digest cannot be known",
    fix: "write registry and name in lower case, then `:` and the tag",
  },
};

/** What there is to say of an image that a lock does not pin. */
export function* notLocked(
  { written, unlocked }: ImageUse,
  place: Pick<Finding, "construct" | "file" | "path">,
): Generator<Finding> {
  if (unlocked === undefined) return;
  const value = expandMarkers(written, (variable) => variable.expression);
  yield { code: "image-not-locked", severity: "warning", ...place, value, ...UNLOCKED[unlocked] };
}

/**
 * Images that a file has pulled and that the lock does not pin. Names elsewhere, in a container's environment say, are
 * not locked by themselves; what a patch took away again is not asked for.
 */
export function* images({ file, document, register }: RenderedFile): Generator<Finding> {
  for (const { what, by, path } of register.images) {
    const mapping = valueAt(document, path.slice(0, -1));
    if (!isMap(mapping) || imageKeyOf(path.slice(0, -1), mapping) !== path.at(-1)) continue;
    const place = { construct: by.node.path, file: file.fileName, path: formatPath(path) };
    for (const finding of notLocked(what, place)) if (finding.value === valueAt(document, path)) yield finding;
  }
}

/** Services that are built under a name with a digest: only what is finished has one. */
export function* builtAndPinned(deployment: Deployment): Generator<Finding> {
  for (const [name, value] of Object.entries(deployment.services)) {
    const { build, image } = mapOf(value);
    if (build === undefined || build === null || typeof image !== "string") continue;
    if (imageName(image).digest === undefined) continue;
    yield inDeployment(deployment, {
      code: "image-built-and-pinned",
      severity: "warning",
      path: ["services", name, "image"],
      value: image,
      reason: "the service is built, and the name of its image has a digest: Docker refuses to build it",
      fix: "where the service is built, give its image a name of its own, without a digest",
    });
  }
}

function valueAt(document: unknown, path: YamlPath): unknown {
  return path.reduce(inside, document);
}
