import { imageNotBuilt } from "../../../lib/policy/rules/image-not-built";
import { describeRule, web } from "../support";

describeRule(imageNotBuilt, {
  breaks: [
    ["a build beside an image", web({ build: "." }), ["next/web", "services.web.build"]],
    [
      "a build without an image",
      web({ image: undefined, build: { context: "." } }),
      ["next/web", "services.web.build"],
    ],
    [
      "an overlay that builds",
      { services: { web: {} }, overlay: { web: { build: { context: ".", args: { CUDA: "true" } } } } },
      ["next/later/web", "services.web.build"],
    ],
  ],
  holds: [["an image alone", web({})]],
});
