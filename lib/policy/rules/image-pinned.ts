import { eachService, type Rule } from "../rule";

/** Tags that are published again and again, in variants such as `latest-alpine`, too. */
const FLOATING = /^(latest|main|master|develop|dev|edge|nightly|rolling|stable|mainline|lts|current)(-[a-z]+)*$/;

export const imagePinned: Rule = {
  id: "image-pinned",
  what: "names an image whose content changes under the same name",
  why: "the next pull can bring another program than the one that was tested, and there is no way back",
  fix: "name a version that is never published twice, or a digest",
  severity: "error",
  check: eachService(({ image, spec, at, text }) => {
    if (image === undefined || image.repository === "" || image.digest !== undefined) return undefined;
    const floats = image.tag === undefined || FLOATING.test(image.tag);
    return floats ? { path: at("image"), value: text(spec.image) } : undefined;
  }),
};
