import { EnvVar, Image, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, program, serviceIn, thrownBy } from "../support";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image", () => {
  it.each([
    ["caddy", { tag: "2.10.2-alpine" }, "caddy:2.10.2-alpine"],
    ["ghcr.io/lamb-project/lamb", { tag: "0.6" }, "ghcr.io/lamb-project/lamb:0.6"],
    ["localhost:5000/a/b__c", { tag: "v1" }, "localhost:5000/a/b__c:v1"],
    ["[::1]:5000/x", { tag: "1" }, "[::1]:5000/x:1"],
    ["Registry.Example/x", { tag: "1" }, "Registry.Example/x:1"],
    ["caddy", { digest: DIGEST }, `caddy@${DIGEST}`],
    ["caddy", { tag: "2", digest: DIGEST }, `caddy:2@${DIGEST}`],
  ])("%s with %j is %s", (repository, props, text) => {
    const { app, file } = program();
    new Service(file, "web", { image: new Image(repository, props) });
    expect(serviceIn(app, "web").image).toBe(text);
    expect(codesOf(app)).toEqual([]);
  });

  it("takes a variable as its tag", () => {
    const { app, file } = program();
    const version = new EnvVar("VERSION", { meaning: "the release", default: "0.6" });
    new Service(file, "web", { image: new Image("x", { tag: version }) });
    new Service(file, "api", { image: new Image("y", { tag: `${version}-slim` }) });
    expect([serviceIn(app, "web").image, serviceIn(app, "api").image]).toEqual([
      "x:${VERSION:-0.6}",
      "y:${VERSION:-0.6}-slim",
    ]);
  });

  it.each([
    ["nothing that fixes it", "caddy", {}],
    ["capitals", "Caddy", { tag: "2" }],
    ["no name", "", { tag: "2" }],
    ["a tag in the name", "caddy:2", { tag: "2" }],
    ["a digest in the name", `caddy@${DIGEST}`, { tag: "2" }],
    ["a space", "ca ddy", { tag: "2" }],
    ["two slashes", "a//b", { tag: "2" }],
    ["two dots", "foo..bar", { tag: "2" }],
    ["capitals behind a registry", "ghcr.io/Foo", { tag: "2" }],
    ["an empty tag", "caddy", { tag: "" }],
    ["a tag with a slash", "caddy", { tag: "a/b" }],
    ["a tag that is too long", "caddy", { tag: "a".repeat(129) }],
    ["a short digest", "caddy", { digest: "sha256:12" }],
    ["a digest without its kind", "caddy", { digest: "0".repeat(64) }],
  ])("is refused with %s", (_, repository, props) => {
    expect(thrownBy(() => new Image(repository, props))).toMatchObject({ code: "invalid-image" });
  });
});
