import { afterEach, describe, expect, it } from "vitest";
import { clientWith, errorOf, named, removeConfigs } from "./asking";
import { CONFIG_TEXT, CONTENT, FakeServer, IMAGE, IMAGE_TEXT, INDEX, INDEX_TEXT, serve, sha256 } from "./server";

afterEach(async () => {
  await FakeServer.stopAll();
  removeConfigs();
});

/** A part of an image, as manifests name it. */
const PART = { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha256("part"), size: 4 };

describe("a client of registries", () => {
  it("has the digest, the type and the platforms of an index", async () => {
    const { host, seen } = await FakeServer.start((request) => serve(CONTENT, request));
    expect(await clientWith().describe(named(`${host}/x:1`))).toEqual({
      digest: sha256(INDEX_TEXT),
      mediaType: INDEX,
      platforms: ["linux/amd64", "linux/arm64/v8"],
    });
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v2/x/manifests/1"]);
    expect(String(seen[0]?.headers.accept).split(", ").sort()).toEqual([
      "application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.docker.distribution.manifest.v2+json",
      INDEX,
      IMAGE,
    ]);
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it("looks into the configuration of an image for one platform", async () => {
    const { host, seen } = await FakeServer.start((request) => serve(CONTENT, request));
    expect(await clientWith().describe(named(`${host}/x:one`))).toEqual({
      digest: sha256(IMAGE_TEXT),
      mediaType: IMAGE,
      platforms: ["linux/amd64"],
    });
    expect(seen.at(-1)?.path).toBe(`/v2/x/blobs/${sha256(CONFIG_TEXT)}`);
  });

  it("takes an artifact's configuration for no platform", async () => {
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: IMAGE,
      config: { mediaType: "a/b", digest: sha256(""), size: 0 },
      layers: [],
    });
    const { host } = await FakeServer.start((request) => serve({ "x/manifests/1": { type: IMAGE, text } }, request));
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ platforms: [] });
  });

  it("looks at no configuration whose digest leads elsewhere", async () => {
    const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: "../../../other" };
    const text = JSON.stringify({ schemaVersion: 2, mediaType: IMAGE, config: { ...config, size: 1 }, layers: [] });
    const { host, seen } = await FakeServer.start((request) =>
      serve({ "x/manifests/1": { type: IMAGE, text } }, request),
    );
    expect(await errorOf(clientWith().describe(named(`${host}/x:1`)))).toMatchObject({ code: "unsupported-image" });
    expect(seen).toHaveLength(1);
  });

  it("asks by digest when the name has one, and by `latest` when it has nothing", async () => {
    const latest = { ...CONTENT, "x/manifests/latest": { type: INDEX, text: INDEX_TEXT } };
    const { host, seen } = await FakeServer.start((request) => serve(latest, request));
    const digest = sha256(INDEX_TEXT);
    for (const name of [`${host}/x@${digest}`, `${host}/x:9@${digest}`, `${host}/x`])
      expect((await clientWith().describe(named(name))).digest).toBe(digest);
    expect(seen.map(({ path }) => path)).toEqual([
      `/v2/x/manifests/${digest}`,
      `/v2/x/manifests/${digest}`,
      "/v2/x/manifests/latest",
    ]);
  });

  it("counts a body itself when the registry names no digest", async () => {
    const { host } = await FakeServer.start((request) => {
      const { "docker-content-digest": _, ...headers } = serve(CONTENT, request).headers ?? {};
      return { headers, body: INDEX_TEXT };
    });
    expect((await clientWith().describe(named(`${host}/x:1`))).digest).toBe(sha256(INDEX_TEXT));
  });

  it("takes the type from the answer when the manifest does not say it", async () => {
    const text = JSON.stringify({ schemaVersion: 2, manifests: [] });
    const content = { "x/manifests/1": { type: `${INDEX}; charset=utf-8`, text } };
    const { host } = await FakeServer.start((request) => serve(content, request));
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX, platforms: [] });
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["an index that is called an image", IMAGE, { mediaType: INDEX, manifests: [] }],
    ["an image that is called an index", INDEX, { mediaType: IMAGE, config: PART, layers: [] }],
    ["what is called JSON only", "application/json", { mediaType: INDEX, manifests: [] }],
    ["an index with the layers of an image", INDEX, { mediaType: INDEX, manifests: [], layers: [] }],
    ["an index with the configuration of an image", INDEX, { manifests: [], config: PART }],
    ["an image with the images of an index", IMAGE, { config: PART, layers: [], manifests: [] }],
    ["an image without layers", IMAGE, { config: PART }],
    ["an image without configuration", IMAGE, { layers: [] }],
    ["a layer without size", IMAGE, { config: PART, layers: [{ ...PART, size: undefined }] }],
    ["a layer of a negative size", IMAGE, { config: PART, layers: [{ ...PART, size: -1 }] }],
    ["a layer with a digest that is none", IMAGE, { config: PART, layers: [{ ...PART, digest: "sha256:../x" }] }],
    ["an index without images", INDEX, { mediaType: INDEX }],
    ["an image without digest in an index", INDEX, { manifests: [{ mediaType: IMAGE, size: 1 }] }],
    ["a type that is no text", INDEX, { mediaType: 2, manifests: [] }],
    ["the first schema", INDEX, { schemaVersion: 1, mediaType: INDEX, manifests: [] }],
    ["no schema", INDEX, { schemaVersion: undefined, manifests: [] }],
    [
      "the first schema, signed",
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      { schemaVersion: 1, fsLayers: [], history: [] },
    ],
  ])("refuses %s", async (_, type, fields) => {
    const text = JSON.stringify({ schemaVersion: 2, ...fields });
    const { host } = await FakeServer.start((request) => serve({ "x/manifests/1": { type, text } }, request));
    expect(await errorOf(clientWith().describe(named(`${host}/x:1`)))).toMatchObject({ code: "unsupported-image" });
  });

  it("refuses a configuration of another size than the manifest says", async () => {
    const text = IMAGE_TEXT.replace(`"size":${CONFIG_TEXT.length}`, '"size":1');
    const { host } = await FakeServer.start((request) =>
      serve({ ...CONTENT, "x/manifests/1": { type: IMAGE, text } }, request),
    );
    expect(await errorOf(clientWith().describe(named(`${host}/x:1`)))).toMatchObject({ code: "unsupported-image" });
  });

  it.each([
    [5, undefined],
    [6, "not-a-registry"],
  ])("follows %d redirections: %s", async (count, code) => {
    const { host, seen } = await FakeServer.start((request) => {
      const step = Number(/[?]step=(\d+)/.exec(request.path)?.[1] ?? 0);
      const [path = ""] = request.path.split("?");
      if (step < count) return { status: 307, headers: { location: `${path}?step=${step + 1}` } };
      return serve(CONTENT, { ...request, path });
    });
    const asked = clientWith().describe(named(`${host}/x:1`));
    if (code === undefined) expect(await asked).toMatchObject({ mediaType: INDEX });
    else expect(await errorOf(asked)).toMatchObject({ code });
    expect(seen).toHaveLength(6);
  });

  it("has a tag's digest for one HEAD", async () => {
    const { host, seen } = await FakeServer.start((request) => serve(CONTENT, request));
    expect(await clientWith().digest(named(`${host}/x:1`))).toBe(sha256(INDEX_TEXT));
    expect(seen.map(({ method }) => method)).toEqual(["HEAD"]);
  });

  it.each([["nothing"], ["what is no digest"]])(
    "reads the manifest when a HEAD says %s of the digest",
    async (what) => {
      const { host, seen } = await FakeServer.start((request) => {
        const answer = serve(CONTENT, request);
        const { "docker-content-digest": _, ...headers } = answer.headers ?? {};
        if (request.method !== "HEAD") return answer;
        return { headers: what === "nothing" ? headers : { ...headers, "docker-content-digest": "1" } };
      });
      expect(await clientWith().digest(named(`${host}/x:1`))).toBe(sha256(INDEX_TEXT));
      expect(seen.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
    },
  );

  it.each([
    ["a manifest that is not what its digest says", "x:1", { "docker-content-digest": sha256("other") }],
    [
      "a digest of a kind that nobody knows",
      "x:1",
      { "docker-content-digest": "md5:900150983cd24fb0d6963f7d28e17f72" },
    ],
    ["another manifest than the one that was asked for", `x@${sha256("other")}`, {}],
  ])("does not believe %s", async (_, image, headers) => {
    const { host } = await FakeServer.start(() => ({
      headers: { "content-type": INDEX, ...headers },
      body: INDEX_TEXT,
    }));
    const error = await errorOf(clientWith().describe(named(`${host}/${image}`)));
    expect(error).toMatchObject({ code: "digest-mismatch", path: expect.stringContaining(`${host}/x`) });
  });

  it("does not believe another configuration than the one that was asked for", async () => {
    const { host } = await FakeServer.start((request) => {
      return request.path.includes("/blobs/") ? { body: INDEX_TEXT } : serve(CONTENT, request);
    });
    expect(await errorOf(clientWith().describe(named(`${host}/x:one`)))).toMatchObject({ code: "digest-mismatch" });
  });

  it("asks Docker Hub where its API is, and every other registry at its own name, with TLS", async () => {
    const asked: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (url) => {
      asked.push(String(url));
      return new Response(INDEX_TEXT, { headers: { "content-type": INDEX } });
    };
    try {
      for (const name of ["redis:7", "a/b:1", "ghcr.io/a:1", "localhost:5000/a:1", "127.9.9.9/a:1", "[::1]:5/a:1"])
        await clientWith().describe(named(name));
      for (const name of ["127.0.0.1.example/a:1", "localhost.example/a:1", "10.0.0.1:5000/a:1", "registry:5000/a:1"])
        await clientWith().describe(named(name));
    } finally {
      globalThis.fetch = fetch;
    }
    expect(asked.map((url) => url.replace(/\/manifests.*/, ""))).toEqual([
      "https://registry-1.docker.io/v2/library/redis",
      "https://registry-1.docker.io/v2/a/b",
      "https://ghcr.io/v2/a",
      "http://localhost:5000/v2/a",
      "http://127.9.9.9/v2/a",
      "http://[::1]:5/v2/a",
      "https://127.0.0.1.example/v2/a",
      "https://localhost.example/v2/a",
      "https://10.0.0.1:5000/v2/a",
      "https://registry:5000/v2/a",
    ]);
  });
});
