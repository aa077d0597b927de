import { eachService, type Rule } from "../rule";

/** The tag behind the last `:` after the last `/`, and the digest behind `@`. */
const PARTS = /^(?<name>[^@]*?)(?::(?<tag>[^:/@]*))?(?:@(?<digest>.*))?$/;

export const imagePinned: Rule = {
  id: "image-pinned",
  what: "names an image whose content changes under the same name",
  why: "the next pull brings another program than the one that was tried, and nobody can go back",
  fix: "name a version that is never published twice, or a digest",
  severity: "error",
  check: eachService(({ spec, at }, deployment) => {
    if (typeof spec.image !== "string") return undefined;
    const image = deployment.expand(spec.image);
    const { tag, digest } = PARTS.exec(image)?.groups ?? {};
    const floats =
      digest === undefined && (tag === undefined || /^(latest|main|master|edge|stable|nightly|dev)$/.test(tag));
    return floats ? { path: at("image"), value: image } : undefined;
  }),
};
