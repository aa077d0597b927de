import { afterEach, describe, expect, it } from "vitest";
import { isTokenService } from "../../../lib/operate/registry/authorize";
import { registryHost } from "../../../lib/operate/registry/host";
import { auth, clientWith, errorOf, named, removeConfigs } from "./asking";
import { type Answer, CONTENT, FakeServer, failure, INDEX, type Seen, serve } from "./server";

afterEach(async () => {
  await FakeServer.stopAll();
  removeConfigs();
});

const PASSWORD = "t0p:s3cret";
const BASIC = `Basic ${Buffer.from(`user:${PASSWORD}`).toString("base64")}`;

/** A token service that gives `token-N` to those it lets in. */
function tokens(letsIn: (request: Seen) => boolean, more: (count: number) => Answer | undefined = () => undefined) {
  let count = 0;
  return FakeServer.start((request) => {
    count++;
    if (!letsIn(request)) return failure(401, "UNAUTHORIZED");
    return more(count) ?? { body: JSON.stringify({ token: `token-${count}`, expires_in: 300 }) };
  });
}

/** A registry that lets in who shows one of the tokens. */
function registry(realm: string, good: (authorization: string) => boolean, scope = "") {
  return FakeServer.start((request) => {
    const challenge = `Bearer realm="${realm}",service="registry.example"${scope}`;
    if (good(String(request.headers.authorization))) return serve(CONTENT, request);
    return failure(401, "UNAUTHORIZED", { "www-authenticate": challenge });
  });
}

/** A registry that gives out its tokens itself: `ofTokens` and `ofImages` are what it was asked for each. */
async function ownTokens(letsIn: (request: Seen) => boolean, good: (authorization: string) => boolean) {
  const server: FakeServer = await FakeServer.start((request) => {
    if (request.path.startsWith("/token")) {
      return letsIn(request) ? { body: '{"token":"token-1"}' } : failure(401, "UNAUTHORIZED");
    }
    if (good(String(request.headers.authorization))) return serve(CONTENT, request);
    const challenge = `Bearer realm="${server.url}/token?a=b",service="registry.example"`;
    return failure(401, "UNAUTHORIZED", { "www-authenticate": challenge });
  });
  const isToken = ({ path }: Seen) => path.startsWith("/token");
  return {
    host: server.host,
    ofTokens: () => server.seen.filter(isToken),
    ofImages: () => server.seen.filter((one) => !isToken(one)),
  };
}

const query = ({ path }: Seen) => Object.fromEntries(new URL(path, "http://x").searchParams);
const shown = ({ seen }: Pick<FakeServer, "seen">) => seen.map(({ headers }) => headers.authorization);

describe("a registry with a token service", () => {
  it("is asked with a token that anybody gets", async () => {
    const service = await tokens(() => true);
    const { host, seen } = await registry(`${service.url}/token`, (value) => value === "Bearer token-1");
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer token-1"]);
    expect(service.seen).toMatchObject([
      { method: "GET", headers: expect.not.objectContaining({ authorization: "" }) },
    ]);
    expect(service.seen.map(query)).toEqual([{ service: "registry.example", scope: "repository:x:pull" }]);
    expect(shown(service)).toEqual([undefined]);
  });

  it("is asked with a token that a password gets", async () => {
    const server = await ownTokens(
      ({ headers }) => headers.authorization === BASIC,
      (value) => value === "Bearer token-1",
    );
    const client = clientWith({ auths: { [server.host]: auth("user", PASSWORD) } });
    expect(await client.describe(named(`${server.host}/x:1`))).toMatchObject({ mediaType: INDEX });
    const asked = { a: "b", service: "registry.example", scope: "repository:x:pull" };
    expect(server.ofTokens().map(query)).toEqual([asked]);
    expect(shown({ seen: server.ofImages() })).toEqual([undefined, "Bearer token-1"]);
  });

  it("is asked with a token for which an identity token is exchanged", async () => {
    const { host, ofTokens } = await ownTokens(
      ({ method, body }) => method === "POST" && body.includes("refresh_token=id-t0k3n"),
      (value) => value === "Bearer token-1",
    );
    const client = clientWith({ auths: { [host]: { identitytoken: "id-t0k3n" } } });
    expect(await client.describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(ofTokens()[0]?.path).toBe("/token?a=b");
    expect(Object.fromEntries(new URLSearchParams(ofTokens()[0]?.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "lamb-compose",
      refresh_token: "id-t0k3n",
      service: "registry.example",
      scope: "repository:x:pull",
    });
  });

  it("is asked with a token that was stored for it", async () => {
    const service = await tokens(() => true);
    const { host } = await registry(`${service.url}/token`, (value) => value === "Bearer stored");
    const client = clientWith({ auths: { [host]: { registrytoken: "stored" } } });
    expect(await client.describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(service.seen).toEqual([]);
  });

  it("is asked with a token for the repository and to pull, whatever scope it names", async () => {
    const service = await tokens(
      () => true,
      () => ({ body: JSON.stringify({ access_token: "other" }) }),
    );
    const { host } = await registry(
      service.url,
      (value) => value === "Bearer other",
      ',scope="repository:other:pull,push,delete registry:catalog:*"',
    );
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(service.seen.map(query)).toEqual([{ service: "registry.example", scope: "repository:x:pull" }]);
  });

  it("is asked with one token for all of a repository, and a new one when that is old", async () => {
    const service = await tokens(() => true);
    let good = 1;
    const { host } = await registry(service.url, (value) => value === `Bearer token-${good}`);
    const client = clientWith();
    await client.describe(named(`${host}/x:one`));
    await client.digest(named(`${host}/x:1`));
    expect(service.seen).toHaveLength(1);
    good = 2;
    await client.digest(named(`${host}/x:1`));
    expect(service.seen).toHaveLength(2);
    good = 3;
    await errorOf(client.describe(named(`${host}/y:1`)));
    expect(service.seen.map(query).at(-1)).toMatchObject({ scope: "repository:y:pull" });
  });

  it("says no with and without credentials", async () => {
    const { host, ofImages } = await ownTokens(
      ({ headers }) => headers.authorization === undefined,
      () => false,
    );
    const refused = await errorOf(clientWith().describe(named(`${host}/x:1`)));
    expect(refused).toMatchObject({ code: "no-access", reason: expect.stringContaining("without a log-in") });
    expect(ofImages()).toHaveLength(2);
    const wrong = clientWith({ auths: { [host]: auth("user", PASSWORD) } });
    const error = await errorOf(wrong.describe(named(`${host}/x:1`)));
    expect(error).toMatchObject({ code: "no-access", reason: expect.stringContaining("refuses the credentials") });
  });

  it.each<[string, Answer, string]>([
    ["fails", { status: 503 }, "registry-failed"],
    ["has had enough", { status: 429, headers: { "retry-after": "7" } }, "rate-limited"],
    ["is not there", { status: 404 }, "not-a-registry"],
    ["is a page", { headers: { "content-type": "text/html" }, body: "<html>" }, "not-a-registry"],
    ["gives nothing", { body: "{}" }, "not-a-registry"],
    ["gives no text", { body: '{"token": 5}' }, "not-a-registry"],
    ["gives no JSON", { body: "token" }, "not-a-registry"],
    ["gives what no header can hold", { body: JSON.stringify({ token: "a\r\nb: c" }) }, "not-a-registry"],
  ])("whose token service %s", async (_, answer, code) => {
    const service = await FakeServer.start(() => answer);
    const { host } = await registry(service.url, (value) => value !== "undefined");
    expect(await errorOf(clientWith().describe(named(`${host}/x:1`)))).toMatchObject({ code });
  });
});

describe("a registry that wants a password", () => {
  const challenge = { "www-authenticate": 'Basic realm="campus"' };
  const start = () =>
    FakeServer.start((request) =>
      request.headers.authorization === BASIC ? serve(CONTENT, request) : failure(401, "UNAUTHORIZED", challenge),
    );

  it("gets it", async () => {
    const server = await start();
    const client = clientWith({ auths: { [server.host]: auth("user", PASSWORD) } });
    expect(await client.describe(named(`${server.host}/x:one`))).toMatchObject({ platforms: ["linux/amd64"] });
    expect(shown(server)).toEqual([undefined, BASIC, BASIC]);
  });

  it.each([
    ["no credentials", {}],
    ["a token only", { identitytoken: "t" }],
    ["another password", auth("user", "wrong")],
    ["credentials without a value", {}],
  ])("does not with %s", async (_, entry) => {
    const { host } = await start();
    const client = clientWith({ auths: { [host]: entry } });
    expect(await errorOf(client.describe(named(`${host}/x:1`)))).toMatchObject({ code: "no-access" });
  });
});

describe("the credentials of a registry", () => {
  it.each([
    ["ghcr.io", "https://ghcr.io/token", true],
    ["ghcr.io", "https://ghcr.io:443/token", true],
    ["ghcr.io", "https://ghcr.io:8443/token", false],
    ["ghcr.io", "http://ghcr.io/token", false],
    ["ghcr.io", "https://evil.io/token", false],
    ["ghcr.io", "https://ghcr.io.evil.example/token", false],
    ["ghcr.io", "https://auth.ghcr.io/token", true],
    ["docker.io", "https://auth.docker.io/token", true],
    ["docker.io", "https://hub.docker.com/token", false],
    ["ghcr.io", "https://auth.docker.io/token", false],
    ["registry.uni.example", "https://gitlab.uni.example/jwt/auth", true],
    ["registry.uni.example", "https://uni.example/token", true],
    ["registry.uni.example", "https://gitlab.uni.example:8443/jwt/auth", false],
    ["registry.uni.example", "https://gitlab.otheruni.example/jwt/auth", false],
    ["registry.uni.example:5050", "https://gitlab.uni.example/jwt/auth", false],
    ["registry.uni.example:5050", "https://registry.uni.example:5050/token", true],
    ["registry.uni.example:5050", "https://registry.uni.example/token", false],
    ["registry.co.uk", "https://evil.co.uk/token", false],
    ["registry.edu.es", "https://evil.edu.es/token", false],
    ["registry.uni.ac.uk", "https://gitlab.uni.ac.uk/token", true],
    ["10.0.0.1", "https://10.0.0.2/token", false],
    ["localhost:5000", "http://localhost:5001/token", false],
    ["localhost:5000", "http://localhost:5000/token", true],
  ])("of %s are for the token service %s: %s", (name, realm, expected) => {
    expect(isTokenService(new URL(realm), registryHost(name))).toBe(expected);
  });
});
