import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { imageName } from "../../../lib/construct/image/name";
import { type ImageReference, imageReference } from "../../../lib/construct/image/reference";
import { SEED } from "../../support/property";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

const component = fc.stringMatching(/^[a-z0-9]{1,6}((\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}$/);
const path = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const registry = fc.oneof(
  fc.constantFrom("docker.io", "index.docker.io", "localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000"),
  fc.stringMatching(/^[a-z0-9]{1,8}(\.[a-z0-9]{1,6}){1,2}(:\d{2,5})?$/),
);
const tag = fc.stringMatching(/^[\w][\w.-]{0,20}$/);
const repository = fc.oneof(
  // A first part with a dot would be a registry.
  path.filter((text) => !/^[^/]*\.[^/]*\//.test(text)),
  fc.tuple(registry, path).map((parts) => parts.join("/")),
);
const written = fc
  .tuple(repository, fc.option(tag), fc.option(fc.constant(DIGEST)))
  .map(
    ([name, tagged, digest]) => name + (tagged === null ? "" : `:${tagged}`) + (digest === null ? "" : `@${digest}`),
  );

function read(text: string): ImageReference {
  return imageReference(text) ?? expect.fail(`${text} is no reference`);
}

const RECORDED = z
  .array(z.tuple([z.string(), z.tuple([z.string(), z.string(), z.string(), z.string()]).nullable()]))
  .parse(JSON.parse(readFileSync("test/construct/image/references.recorded.json", "utf8")));

describe("the name of an image", () => {
  // Recorded from ParseNormalizedNamed of github.com/distribution/reference v0.6.0, which engine and Compose use:
  // registry, path, tag and digest of made-up texts, `null` of what it refuses.
  it("is read as Docker reads it, and refused where Docker refuses it", () => {
    const ours = RECORDED.map(([text]) => {
      const found = imageReference(text);
      if (found === undefined) return [text, null];
      const { registry, path, tag, digest = "" } = found;
      return [text, [registry, path, tag === "latest" && !text.endsWith(":latest") ? "" : (tag ?? ""), digest]];
    });
    expect(ours).toEqual(
      RECORDED.map(([text, judged]) =>
        judged?.[2] === "latest" && !text.endsWith(":latest") ? [text, judged.with(2, "")] : [text, judged],
      ),
    );
  });

  it.each([
    ["redis", "docker.io", "library/redis", "latest", "redis:latest"],
    ["redis:7.2", "docker.io", "library/redis", "7.2", "redis:7.2"],
    ["library/redis:7.2", "docker.io", "library/redis", "7.2", "redis:7.2"],
    ["docker.io/redis:7.2", "docker.io", "library/redis", "7.2", "redis:7.2"],
    ["index.docker.io/library/redis:7.2", "docker.io", "library/redis", "7.2", "redis:7.2"],
    ["ollama/ollama:0.12", "docker.io", "ollama/ollama", "0.12", "ollama/ollama:0.12"],
    ["docker.io/library/a/b:1", "docker.io", "library/a/b", "1", "library/a/b:1"],
    ["docker.io/un.i/x:1", "docker.io", "un.i/x", "1", "docker.io/un.i/x:1"],
    ["docker.io/localhost/x:1", "docker.io", "localhost/x", "1", "docker.io/localhost/x:1"],
    ["ghcr.io/lamb-project/lamb:v0.6", "ghcr.io", "lamb-project/lamb", "v0.6", "ghcr.io/lamb-project/lamb:v0.6"],
    ["localhost/x:1", "localhost", "x", "1", "localhost/x:1"],
    ["localhost:5000/x", "localhost:5000", "x", "latest", "localhost:5000/x:latest"],
    ["registry:5000/x", "registry:5000", "x", "latest", "registry:5000/x:latest"],
    ["registry/x", "docker.io", "registry/x", "latest", "registry/x:latest"],
    ["HOST/x:1", "HOST", "x", "1", "HOST/x:1"],
    ["[::1]:5000/x:1", "[::1]:5000", "x", "1", "[::1]:5000/x:1"],
  ])("%s lies in %s at %s", (text, host, place, tagged, name) => {
    expect(imageReference(text)).toMatchObject({ registry: host, path: place, tag: tagged, name, digest: undefined });
  });

  it("with a digest alone has no tag, and with both has both", () => {
    expect(imageReference(`x@${DIGEST}`)).toMatchObject({ tag: undefined, digest: DIGEST, name: "x", repository: "x" });
    expect(imageReference(`x:1@${DIGEST}`)).toMatchObject({ tag: "1", digest: DIGEST, name: "x:1", repository: "x" });
  });

  it.each([
    [""],
    ["x:"],
    [":1"],
    ["a//b"],
    ["/x"],
    ["x/"],
    ["Upper"],
    ["a/Upper:1"],
    ["x:-1"],
    [`x:${"a".repeat(129)}`],
    ["x@sha256:12"],
    ["x@"],
    ["a b"],
    ["a..b"],
    ["-a"],
    ["a___b"],
    ["host_name.example/x"],
    ["host.example:port/x"],
    ["${X:-redis}:1"],
    ["x:${TAG}"],
    ["0".repeat(64)],
    [`h.example/${"a".repeat(256)}`],
  ])("is not %j", (text) => {
    expect(imageReference(text)).toBeUndefined();
  });

  it("means the same in its shortest form, which is shortened no further", () => {
    fc.assert(
      fc.property(written, (text) => {
        const reference = read(text);
        const again = read(reference.name);
        expect(again).toMatchObject({ registry: reference.registry, path: reference.path });
        if (reference.tag !== undefined) expect(again).toEqual({ ...reference, digest: undefined });
        expect(reference.name.length).toBeLessThanOrEqual(text.length + ":latest".length);
      }),
      SEED,
    );
  });

  it("is the same with everything written out", () => {
    fc.assert(
      fc.property(written, (text) => {
        const { registry: host, path: place, tag: tagged, digest, ...rest } = read(text);
        const full = `${host}/${place}${tagged === undefined ? "" : `:${tagged}`}${digest === undefined ? "" : `@${digest}`}`;
        expect(read(full)).toEqual({ registry: host, path: place, tag: tagged, digest, ...rest });
      }),
      SEED,
    );
  });

  it("falls into parts that make it again, also with variables in it", () => {
    const variable = fc.constantFrom("${TAG:-v1}", "${A:-${B:-c:d@e/f}}", "$TAG", "x-${TAG?say: it}");
    const template = fc
      .tuple(fc.oneof(repository, variable), fc.option(fc.oneof(tag, variable)), fc.option(fc.constant(DIGEST)))
      .map(([name, tagged, digest]) => [name, tagged ?? undefined, digest ?? undefined] as const);
    fc.assert(
      fc.property(template, ([name, tagged, digest]) => {
        const text = name + (tagged === undefined ? "" : `:${tagged}`) + (digest === undefined ? "" : `@${digest}`);
        expect(imageName(text)).toEqual({ repository: name, tag: tagged, digest });
      }),
      SEED,
    );
  });

  it("is read in time that grows with its length, whatever it holds", () => {
    for (const part of ["a", "a.", "a-", "a/", "a_", ":", "@", "${", "9.", "-"]) {
      const text = part.repeat(50_000);
      const start = performance.now();
      imageReference(text);
      imageName(text);
      expect(performance.now() - start, part).toBeLessThan(1000);
    }
  });
});
