import { afterEach, describe, expect, it } from "vitest";
import { auth, clientWith, errorOf, named, removeConfigs } from "./asking";
import { type Answer, CONTENT, FakeServer, failure, type Handler, INDEX, INDEX_TEXT, serve } from "./server";

afterEach(async () => {
  await FakeServer.stopAll();
  removeConfigs();
});

const PASSWORD = "t0p-s3cret";
const SECRETS = [PASSWORD, Buffer.from(`user:${PASSWORD}`).toString("base64"), "id-t0k3n", "b34r3r-t0k3n"];

function expectNoSecret(text: string): void {
  for (const secret of SECRETS) expect(text).not.toContain(secret);
}

const basic = failure(401, "UNAUTHORIZED", { "www-authenticate": 'Basic realm="x"' });
const bearer = (realm: string) => failure(401, "", { "www-authenticate": `Bearer realm="${realm}",service="s"` });

/** A registry that is on its own host, and everything that it lets in. */
function registry(challenge: () => Answer, then: Handler) {
  return FakeServer.start((request, response, message) => {
    return request.headers.authorization === undefined ? challenge() : then(request, response, message);
  });
}

describe("the credentials of a registry", () => {
  it.each([[301], [302], [303], [307], [308]])("do not follow a redirection to another host: %d", async (status) => {
    const storage = await FakeServer.start((request) => serve(CONTENT, request));
    const { host } = await registry(
      () => basic,
      ({ path }) => ({ status, headers: { location: `${storage.url}${path}` } }),
    );
    const client = clientWith({ auths: { [host]: auth("user", PASSWORD), [storage.host]: auth("user", PASSWORD) } });
    expect(await client.describe(named(`${host}/x:one`))).toMatchObject({ platforms: ["linux/amd64"] });
    expect(storage.seen).toHaveLength(2);
    expect(storage.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expectNoSecret(storage.heard);
  });

  it("stay with the registry when it sends to itself", async () => {
    const { host, seen } = await registry(
      () => basic,
      (request) =>
        request.path.endsWith("/1")
          ? { status: 307, headers: { location: request.path.replace("/1", "/one") } }
          : serve(CONTENT, request),
    );
    const client = clientWith({ auths: { [host]: auth("user", PASSWORD) } });
    await client.describe(named(`${host}/x:1`));
    expect(seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([false, true, true, true]);
  });

  it("do not go on to where a redirection was asked for them", async () => {
    const thief = await FakeServer.start(({ path }) => (path.startsWith("/token") ? { body: '{"token":"x"}' } : basic));
    const greedy = await FakeServer.start(() => bearer(`${thief.url}/token`));
    for (const target of [thief, greedy]) {
      const { host } = await registry(
        () => basic,
        () => ({ status: 307, headers: { location: `${target.url}/x` } }),
      );
      const client = clientWith({ auths: { [host]: auth("user", PASSWORD) } });
      expect(await errorOf(client.describe(named(`${host}/x:1`)))).toMatchObject({ code: "no-access" });
      const open = await FakeServer.start(() => ({ status: 307, headers: { location: `${target.url}/x` } }));
      const other = clientWith({ auths: { [open.host]: auth("user", PASSWORD) } });
      expect(await errorOf(other.describe(named(`${open.host}/x:1`)))).toMatchObject({ code: "no-access" });
    }
    expectNoSecret(thief.heard + greedy.heard);
    expect(thief.seen.filter(({ path }) => path.startsWith("/token"))).toEqual([]);
  });

  it.each([
    ["a password", auth("user", PASSWORD)],
    ["an identity token", { identitytoken: "id-t0k3n" }],
  ])("are not for a token service on a foreign host: %s", async (_, entry) => {
    const foreign = await FakeServer.start(() => ({ body: '{"token":"for-anybody"}' }), "127.0.0.2");
    const server = await registry(
      () => bearer(`${foreign.url}/token`),
      (request) => serve(CONTENT, request),
    );
    const client = clientWith({ auths: { [server.host]: entry } });
    expect(await client.describe(named(`${server.host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(foreign.seen).toMatchObject([{ method: "GET" }]);
    expectNoSecret(foreign.heard + server.heard);
  });

  it.each([["127.0.0.1"], ["127.0.0.2"]])("of a foreign token service are not for it either: %s", async (address) => {
    const foreign = await FakeServer.start(() => failure(401, ""), address);
    const { host } = await registry(
      () => bearer(`${foreign.url}/token`),
      (request) => serve(CONTENT, request),
    );
    const own = { [host]: auth("user", PASSWORD) };
    const error = await errorOf(clientWith({ auths: own }).describe(named(`${host}/x:1`)));
    expect(error).toMatchObject({
      code: "no-access",
      reason: expect.stringContaining(`its tokens come from ${foreign.host}`),
    });
    const more = { ...own, [foreign.host]: auth("other", "for-it") };
    await errorOf(clientWith({ auths: more }).describe(named(`${host}/x:1`)));
    const sent = foreign.seen.map(({ headers }) => headers.authorization);
    expect(sent).toEqual([undefined, undefined]);
  });

  it.each([
    ["http://auth.example/token"],
    ["http://127.0.0.1.example/token"],
    ["ftp://127.0.0.1/token"],
    ["file:///etc/passwd"],
    ["/token"],
    [""],
  ])("do not go to %s, nor does anything else", async (realm) => {
    const { host } = await FakeServer.start(() => bearer(realm));
    const client = clientWith({ auths: { [host]: auth("user", PASSWORD) } });
    const error = await errorOf(client.describe(named(`${host}/x:1`)));
    expect(error).toMatchObject({ code: "not-a-registry", reason: expect.stringContaining("not safe") });
  });

  it("do not follow a token service that sends elsewhere", async () => {
    const thief = await FakeServer.start(() => ({ body: '{"token":"x"}' }));
    const methods: string[] = [];
    for (const entry of [auth("user", PASSWORD), { identitytoken: "id-t0k3n" }]) {
      const server: FakeServer = await FakeServer.start(({ method, path }) => {
        if (!path.startsWith("/token")) return bearer(`${server.url}/token`);
        methods.push(method);
        return { status: 307, headers: { location: `${thief.url}/token` } };
      });
      await errorOf(clientWith({ auths: { [server.host]: entry } }).describe(named(`${server.host}/x:1`)));
    }
    expect(methods).toEqual(["GET", "POST"]);
    expectNoSecret(thief.heard);
  });

  it("are not those of another registry", async () => {
    const server = await FakeServer.start(() => basic);
    const others = { "https://index.docker.io/v1/": auth("user", PASSWORD), "ghcr.io": auth("user", PASSWORD) };
    await errorOf(clientWith({ auths: others }).describe(named(`${server.host}/x:1`)));
    expectNoSecret(server.heard);
  });

  it("in the address of a token service are left out", async () => {
    const service = await FakeServer.start(() => ({ body: '{"token":"x"}' }));
    const { host } = await registry(
      () => bearer(service.url.replace("//", `//user:${PASSWORD}@`)),
      (request) => serve(CONTENT, request),
    );
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expectNoSecret(service.heard);
  });
});

describe("a token service", () => {
  /** What proof a registry's token service gets to see, whatever their names are. */
  async function sentTo(registryName: string, key: string, realm: string) {
    let toRealm: string | null | undefined;
    const { fetch } = globalThis;
    globalThis.fetch = async (input, options) => {
      const authorization = new Headers(options?.headers).get("authorization");
      if (String(input).startsWith(`${realm}?`)) {
        toRealm = authorization;
        return Response.json({ token: "t" });
      }
      if (authorization === "Bearer t") return new Response(INDEX_TEXT, { headers: { "content-type": INDEX } });
      return new Response("", { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } });
    };
    try {
      await clientWith({ auths: { [key]: auth("user", PASSWORD) } }).describe(named(`${registryName}/a/b:1`));
    } finally {
      globalThis.fetch = fetch;
    }
    return toRealm;
  }

  it.each([
    ["docker.io", "https://index.docker.io/v1/", "https://auth.docker.io/token"],
    ["ghcr.io", "ghcr.io", "https://ghcr.io/token"],
    ["registry.gitlab.com", "registry.gitlab.com", "https://gitlab.com/jwt/auth"],
    ["registry.uni.example", "registry.uni.example", "https://gitlab.uni.example/jwt/auth"],
    ["uni.example", "uni.example", "https://auth.uni.example/token"],
  ])("of %s gets the credentials that are stored as %s: %s", async (name, key, realm) => {
    expect(await sentTo(name, key, realm)).toMatch(/^Basic /);
  });

  it.each([
    ["docker.io", "https://index.docker.io/v1/", "https://auth.docker.io.example/token"],
    ["ghcr.io", "ghcr.io", "https://evil.io/token"],
    ["ghcr.io", "ghcr.io", "https://auth.docker.io/token"],
    ["uni.example", "uni.example", "https://other.example/token"],
    ["registry.uni.example", "registry.uni.example", "https://evilgitlab.uni.example.net/token"],
    ["registry.uni.example", "registry.uni.example", "https://xuni.example/token"],
    ["10.0.0.5:5000", "10.0.0.5:5000", "https://11.0.0.5/token"],
    ["uni.example:8443", "uni.example:8443", "https://uni.example/token"],
    ["uni.example", "uni.example", "https://uni.example:8443/token"],
    ["registry.uni.example", "registry.uni.example", "https://gitlab.uni.example:8443/token"],
    ["registry.uni.example:5000", "registry.uni.example:5000", "https://gitlab.uni.example/token"],
    ["docker.io", "https://index.docker.io/v1/", "https://auth.docker.io:8443/token"],
    ["[2001:db8::1]:5000", "[2001:db8::1]:5000", "https://[2001:db8::2]/token"],
  ])("that is a stranger to %s does not get those stored as %s: %s", async (name, key, realm) => {
    expect(await sentTo(name, key, realm)).toBeNull();
  });
});

describe("what is said when something is wrong", () => {
  it("never has a credential in it", async () => {
    const answers: readonly Answer[] = [
      ...[400, 401, 403, 404, 429, 500, 503].map((status) => failure(status, "UNKNOWN")),
      { headers: { "content-type": "text/html" }, body: PASSWORD },
      { headers: { "content-type": INDEX, "docker-content-digest": PASSWORD }, body: "{}" },
      { headers: { "content-type": INDEX }, body: PASSWORD },
      { status: 307, headers: { location: `http://user:${PASSWORD}@registry.example/?token=${PASSWORD}` } },
      { status: 307, headers: { location: `https://user:${PASSWORD}@registry.invalid/?signature=${PASSWORD}` } },
      { status: 401, headers: { "www-authenticate": `Bearer realm="http://x/${PASSWORD}"` } },
    ];
    for (const answer of answers) {
      const { host } = await registry(
        () => basic,
        () => answer,
      );
      for (const entry of [auth("user", PASSWORD), { registrytoken: "b34r3r-t0k3n" }]) {
        const error = await errorOf(clientWith({ auths: { [host]: entry } }).describe(named(`${host}/x:1`)));
        expectNoSecret(`${error.stack}${JSON.stringify(error)}`);
      }
    }
  });

  it.each([
    ["no JSON", `{"auths": {"HOST": {"auth": "${PASSWORD}"}}`],
    ["no base64 of user:password", `{"auths": {"HOST": {"auth": "${PASSWORD}"}}}`],
    ["a list", `["${PASSWORD}"]`],
    ["a token that no header can hold", '{"auths": {"HOST": {"registrytoken": "b34r3r-t0k3n\\n"}}}'],
  ])("not of a configuration either: %s", async (_, text) => {
    const { host } = await FakeServer.start(() => basic);
    const error = await errorOf(clientWith(text.replace("HOST", host)).describe(named(`${host}/x:1`)));
    expectNoSecret(`${error.stack}${JSON.stringify(error)}`);
    expect(error.code).toBe("bad-docker-config");
  });
});
