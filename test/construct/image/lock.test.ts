import fc from "fast-check";
import { ImageLock, type LockedImage } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { isDigest } from "../../../lib/construct/image/lock";
import { SEED } from "../../support/property";
import { thrownBy } from "../support";

const INDEX = "application/vnd.oci.image.index.v1+json";
const DIGEST = `sha256:${"a".repeat(64)}`;
const image = (more: Partial<LockedImage> = {}): LockedImage => {
  return { digest: DIGEST, mediaType: INDEX, platforms: ["linux/amd64"], ...more };
};
const text = (images: unknown, more: object = { version: 1 }) => JSON.stringify({ ...more, images });

const digits = fc.stringMatching(/^[0-9a-f]{64}$/);
const digest = fc.oneof(
  digits.map((some) => `sha256:${some}`),
  fc.tuple(digits, digits).map((some) => `sha512:${some.join("")}`),
);
const name = fc
  .tuple(
    fc.constantFrom("", "ghcr.io/", "localhost:5000/", "docker.io/"),
    fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,4})?:[\w][\w.-]{0,8}$/),
  )
  .map((parts) => parts.join(""));
const locked = fc.record({
  digest,
  mediaType: fc.constantFrom(INDEX, "application/vnd.docker.distribution.manifest.v2+json"),
  platforms: fc.uniqueArray(fc.constantFrom("linux/amd64", "linux/arm64/v8", "windows/amd64", "linux/s390x")),
});
const entries = fc.array(fc.tuple(name, locked)).map((some) => {
  const shortest = (one: string) => one.replace(/^docker\.io\//, "");
  return [...new Map(some.map(([key, value]) => [shortest(key), [key, value] as const])).values()];
});

describe("the lock of images", () => {
  it("reads what it writes, and writes it in one way only", () => {
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (images, order) => {
        const lock = new ImageLock(images);
        const written = lock.toString();
        expect(written).toMatch(/^\{\n[\s\S]*\}\n$/);
        expect([...ImageLock.parse(written).images]).toEqual([...lock.images]);
        const shuffled = images
          .map((entry) => [order.next().value, entry] as const)
          .sort(([one], [other]) => one - other);
        expect(new ImageLock(shuffled.map(([, entry]) => entry)).toString()).toBe(written);
      }),
      SEED,
    );
  });

  it("has the form that people and version control read", () => {
    const lock = new ImageLock([
      ["docker.io/library/caddy:2", image({ platforms: ["linux/arm64", "linux/amd64"] })],
      ["a.example/x:1", image({ platforms: [] })],
    ]);
    expect(JSON.parse(lock.toString())).toEqual({
      "made by": "lamb-compose lock",
      version: 1,
      images: {
        "a.example/x:1": { digest: DIGEST, mediaType: INDEX, platforms: [] },
        "caddy:2": { digest: DIGEST, mediaType: INDEX, platforms: ["linux/amd64", "linux/arm64"] },
      },
    });
    expect([...lock.images.keys()]).toEqual(["a.example/x:1", "caddy:2"]);
    expect(new ImageLock().toString()).toBe(
      '{\n  "made by": "lamb-compose lock",\n  "version": 1,\n  "images": {}\n}\n',
    );
  });

  it("finds an image by each of its names, and nothing else", () => {
    const lock = new ImageLock([["redis:latest", image()]]);
    for (const found of ["redis", "redis:latest", "docker.io/redis", "index.docker.io/library/redis:latest"])
      expect(lock.find(found), found).toEqual(image());
    for (const missing of ["redis:7", "x/redis", "ghcr.io/redis", "", "redis:${TAG}", "constructor", "__proto__:1"])
      expect(lock.find(missing), missing).toBeUndefined();
  });

  it("cannot be changed by what it was made from", () => {
    const platforms = ["linux/amd64"];
    const lock = new ImageLock([["x:1", image({ platforms })]]);
    platforms.push("linux/arm64");
    expect(lock.find("x:1")?.platforms).toEqual(["linux/amd64"]);
  });

  it.each<[string, string, RegExp]>([
    ["nothing", "", /is not JSON/],
    ["a half of one", '{"version": 1, "images": {', /is not JSON/],
    ["a merge that was not finished", "<<<<<<< HEAD\n{}\n", /is not JSON; a merge/],
    ["a list", "[]", /is not an object/],
    ["null", "null", /is not an object/],
    ["one of another version", text({}, { version: 2 }), /is of version 2, and this library reads version 1/],
    ["one without a version", text({}, {}), /does not say its version/],
    ["no images", '{"version": 1}', /has no object `images`/],
    ["images in a list", text([]), /has no object `images`/],
    ["an image that is text", text({ "x:1": DIGEST }), /"x:1" is not an object with digest/],
    [
      "an image without a platform list",
      text({ "x:1": { digest: DIGEST, mediaType: INDEX } }),
      /does not have all of the keys/,
    ],
    [
      "a key that means nothing",
      text({ "x:1": image(), "y:1": { ...image(), tag: "1" } }),
      /"y:1" has the unknown key "tag"/,
    ],
    ["a short digest", text({ "x:1": image({ digest: "sha256:12" }) }), /digest that is not valid/],
    ["a digest in capitals", text({ "x:1": image({ digest: DIGEST.toUpperCase() }) }), /digest that is not valid/],
    [
      "a digest of an unknown kind",
      text({ "x:1": image({ digest: `md5:${"a".repeat(32)}` }) }),
      /digest that is not valid/,
    ],
    ["a media type that is none", text({ "x:1": image({ mediaType: "index" }) }), /media type that is not valid/],
    ["a platform that is none", text({ "x:1": image({ platforms: ["linux"] }) }), /platform "linux"/],
    ["a platform twice", text({ "x:1": image({ platforms: ["a/b", "a/b"] }) }), /stands twice/],
    ["a name that is none", text({ "X Y": image() }), /"X Y" is not the name/],
    ["a name with a digest", text({ [`x:1@${DIGEST}`]: image() }), /is not the name of an image with its tag/],
    [
      "one image under two names",
      text({ "redis:7": image(), "docker.io/redis:7": image() }),
      /"docker.io\/redis:7" stands twice/,
    ],
    ["a name out of every object", '{"version":1,"images":{"__proto__":{}}}', /"__proto__"/],
  ])("is not %s", (_, content, reason) => {
    const error = thrownBy(() => ImageLock.parse(content, "out/images.lock.json"));
    expect(error).toMatchObject({
      code: "bad-lock",
      path: "out/images.lock.json",
      reason: expect.stringMatching(reason),
      fix: expect.stringContaining("lamb-compose lock"),
    });
  });

  it("says all that is wrong at once", () => {
    const bad = text({ "x y": image({ digest: "1", platforms: ["a"] }), "y:1": 1, "z:1": { ...image(), more: 1 } });
    const { reason } = Object(thrownBy(() => ImageLock.parse(bad)));
    expect(reason).toMatch(/^has 5 mistakes\n/);
    for (const part of ['"x y" is not', "digest that", 'platform "a"', '"y:1" is not', '"z:1" has the unknown key'])
      expect(reason).toContain(part);
    expect(
      thrownBy(
        () =>
          new ImageLock([
            ["x", image({ digest: "" })],
            ["y", image({ mediaType: "" })],
          ]),
      ),
    ).toMatchObject({
      code: "bad-lock",
      reason: expect.stringMatching(/^has 2 mistakes/),
    });
  });
});

describe("a digest", () => {
  it.each([
    [DIGEST, true],
    [`sha512:${"0".repeat(128)}`, true],
    [`sha256:${"0".repeat(128)}`, false],
    [`sha256:${"g".repeat(64)}`, false],
    [`${DIGEST}:`, false],
    [`${DIGEST} `, false],
    ["sha256:", false],
    ["", false],
  ])("%s: %s", (value, is) => expect(isDigest(value)).toBe(is));
});
