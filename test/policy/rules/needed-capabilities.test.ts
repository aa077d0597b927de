import { expect, it } from "vitest";
import { IMAGE_CAPABILITIES } from "../../../lib/policy/image-capabilities";
import { neededCapabilities } from "../../../lib/policy/rules/needed-capabilities";
import { describeRule, placesIn, web } from "../support";

const AT = ["next/web", "services.web.cap_add"] as [string, string];
const OF_DATABASES = ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"];

describeRule(neededCapabilities(), {
  breaks: [
    ["a database without any", web({ image: "postgres:17.6" }), AT],
    ["one by its long name", web({ image: "docker.io/library/redis:8.2" }), AT],
    ["one from a mirror that keeps the paths", web({ image: "mirror.example/hub/library/mongo:8" }), AT],
    ["one whose version is a variable", web({ image: "mysql:${TAG:-8.4}" }), AT],
    ["some of them", web({ image: "mariadb:11.8", cap_add: ["CHOWN", "SETUID"] }), AT],
    ["root by number", web({ image: "rabbitmq:4", user: "0:0" }), AT],
    ["root by name", web({ image: "valkey/valkey:8", user: "root:root" }), AT],
    ["a file with a capability, as any user", web({ image: "caddy:2.10.2", user: "1000" }), AT],
    ["an overlay that brings the image", { services: { web: {} }, overlay: { web: { image: "nginx:1.29.2" } } }, AT],
  ],
  holds: [
    ["all of them", web({ image: "postgres:17.6", cap_add: OF_DATABASES })],
    [
      "all of them, with CAP_ and in small letters",
      web({ image: "httpd:2.4.65", cap_add: ["cap_setgid", "CAP_SETUID"] }),
    ],
    ["the user of the image itself", web({ image: "postgres:17.6", user: "999:999" })],
    ["another entrypoint", web({ image: "postgres:17.6", entrypoint: ["pg_dump"] })],
    ["an image of another owner", web({ image: "registry.example/shop/postgres:17" })],
    ["an image that needs none", web({ image: "haproxy:3.2.4" })],
  ],
});

it("is not found of a privileged container, which has every capability", () => {
  expect(placesIn(web({ image: "postgres:17.6" }), [neededCapabilities()])).toHaveLength(1);
  expect(placesIn(web({ image: "postgres:17.6", privileged: true }), [neededCapabilities()])).toEqual([]);
});

it("knows each image once", () => {
  for (const name of [
    "postgres",
    "mysql",
    "mariadb",
    "redis",
    "valkey/valkey",
    "mongo",
    "rabbitmq",
    "nginx",
    "httpd",
    "caddy",
  ])
    expect(
      IMAGE_CAPABILITIES.filter(({ image }) => image(name)),
      name,
    ).toHaveLength(1);
});
