import { eachService, type Rule } from "../rule";

export const imageNotBuilt: Rule = {
  id: "image-not-built",
  what: "builds an image on the server",
  why: "when a pull fails, Compose silently builds from whatever source is there",
  fix: "build and publish the image elsewhere, and name it in `image`",
  severity: "error",
  check: eachService(({ spec, at }) =>
    spec.build === undefined || spec.build === null ? undefined : { path: at("build") },
  ),
};
