import { imagePinned } from "../../../lib/policy/rules/image-pinned";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.image"] as [string, string];
const DIGEST = `sha256:${"0".repeat(64)}`;

describeRule(imagePinned, {
  breaks: [
    ["no tag", web({ image: "nginx" }), AT],
    ["no tag behind a registry's port", web({ image: "registry.example:5000/nginx" }), AT],
    ["latest", web({ image: "nginx:latest" }), AT],
    ["a variant of latest", web({ image: "nginx:latest-alpine" }), AT],
    ["a branch", web({ image: "nginx:main" }), AT],
    ["latest as a default", web({ image: "nginx:${TAG:-latest}" }), AT],
    ["an image as a default", web({ image: "${IMAGE:-nginx}" }), AT],
    [
      "an overlay that takes the version back",
      { services: { web: {} }, overlay: { web: { image: "nginx:edge" } } },
      ["next/later/web", "services.web.image"],
    ],
  ],
  holds: [
    ["a version", web({ image: "nginx:1.29.2" })],
    ["a version behind a registry's port", web({ image: "registry.example:5000/nginx:1.29.2" })],
    ["a digest", web({ image: `nginx@${DIGEST}` })],
    ["a digest behind a registry that is a variable", web({ image: `\${R:-registry.example}/nginx:main@${DIGEST}` })],
    ["a digest beside latest", web({ image: `nginx:latest@${DIGEST}` })],
    ["a version that begins like a branch", web({ image: "nginx:dev-2026-01-31" })],
    ["a version as a default", web({ image: "nginx:${TAG:-1.29.2}" })],
    ["a version that Compose demands", web({ image: "nginx:${TAG:?see https://registry.example/tags}" })],
    ["an image that Compose demands, without a colon", web({ image: "nginx:${TAG?}" })],
  ],
});
