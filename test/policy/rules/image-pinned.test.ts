import { imagePinned } from "../../../lib/policy/rules/image-pinned";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.image"] as [string, string];
const DIGEST = `sha256:${"0".repeat(64)}`;

describeRule(imagePinned, {
  breaks: [
    ["no tag", web({ image: "traefik" }), AT],
    ["no tag behind a registry's port", web({ image: "registry.example:5000/traefik" }), AT],
    ["latest", web({ image: "traefik:latest" }), AT],
    ["a variant of latest", web({ image: "traefik:latest-alpine" }), AT],
    ["a branch", web({ image: "traefik:main" }), AT],
    ["latest as a default", web({ image: "traefik:${TAG:-latest}" }), AT],
    ["an image as a default", web({ image: "${IMAGE:-traefik}" }), AT],
    [
      "an overlay that takes the version back",
      { services: { web: {} }, overlay: { web: { image: "traefik:edge" } } },
      ["next/later/web", "services.web.image"],
    ],
  ],
  holds: [
    ["a version", web({ image: "traefik:1.29.2" })],
    ["a version behind a registry's port", web({ image: "registry.example:5000/traefik:1.29.2" })],
    ["a digest", web({ image: `traefik@${DIGEST}` })],
    ["a digest behind a registry that is a variable", web({ image: `\${R:-registry.example}/traefik:main@${DIGEST}` })],
    ["a digest beside latest", web({ image: `traefik:latest@${DIGEST}` })],
    ["a version that begins like a branch", web({ image: "traefik:dev-2026-01-31" })],
    ["a version as a default", web({ image: "traefik:${TAG:-1.29.2}" })],
    ["a version that Compose demands", web({ image: "traefik:${TAG:?see https://registry.example/tags}" })],
    ["an image that Compose demands, without a colon", web({ image: "traefik:${TAG?}" })],
  ],
});
