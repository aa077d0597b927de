import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { createServer as createPlainServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { networkCode } from "../../../lib/operate/registry/problems";
import { makeCertificate } from "../../lamb/caddy/certificate";
import { describeWith } from "../../support/tools";
import { auth, clientWith, errorOf, HASTY, named, removeConfigs } from "./asking";
import { type Answer, CONTENT, FakeServer, failure, INDEX, INDEX_TEXT, serve } from "./server";

afterEach(async () => {
  vi.unstubAllEnvs();
  await FakeServer.stopAll();
  removeConfigs();
});

/** What is said when a registry always answers in one way. */
async function said(answer: Answer, config: (host: string) => unknown = () => ({})) {
  const { host, seen } = await FakeServer.start(() => answer);
  const error = await errorOf(clientWith(config(host)).describe(named(`${host}/x:1`)));
  expect(error.path).toBe(`${host}/x:1`);
  expect(error.message).not.toContain("SAID-BY-THE-REGISTRY");
  return { host, code: error.code, reason: error.reason.replaceAll(host, "HOST"), fix: error.fix, asked: seen.length };
}

const basic = { "www-authenticate": 'Basic realm="x"' };
const HTML = { headers: { "content-type": "text/html; charset=utf-8" }, body: "<html>Log in</html>" };

describe("what a registry says no with", () => {
  it.each<[string, Answer, string, RegExp]>([
    ["an unknown tag", failure(404, "MANIFEST_UNKNOWN"), "unknown-image", /^HOST has the repository, and not this tag/],
    ["an unknown repository", failure(404, "NAME_UNKNOWN"), "unknown-image", /^HOST has no such repository/],
    ["nothing at all", { status: 404 }, "unknown-image", /^HOST has no such image/],
    ["a log-in", failure(401, "UNAUTHORIZED", basic), "no-access", /^HOST does not show it without a log-in/],
    ["a log-in of which it does not say how", failure(401, "UNAUTHORIZED"), "no-access", /^HOST does not show it/],
    ["no way in", failure(403, "DENIED"), "no-access", /^HOST does not show it without a log-in/],
    ["too many questions", failure(429, "TOOMANYREQUESTS"), "rate-limited", /^HOST accepts no more requests for now$/],
    ["too many questions on a page", { ...HTML, status: 429 }, "rate-limited", /^HOST accepts no more requests/],
    ["a failure", failure(500, "UNKNOWN"), "registry-failed", /^HOST fails with the status 500$/],
    ["a failure on a page", { ...HTML, status: 502 }, "registry-failed", /^HOST fails with the status 502$/],
    ["a page", HTML, "not-a-registry", /^HOST is not a registry: it answers with a web page$/],
    ["a page that says no", { ...HTML, status: 403 }, "not-a-registry", /a web page$/],
    ["a page that is not there", { ...HTML, status: 404 }, "not-a-registry", /a web page$/],
    ["a status of its own", { status: 418 }, "not-a-registry", /answers with the status 418$/],
    [
      "text",
      { headers: { "content-type": "text/plain" }, body: "hello" },
      "not-a-registry",
      /answers with no manifest$/,
    ],
    [
      "the format of old",
      {
        headers: { "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws" },
        body: '{"schemaVersion":1}',
      },
      "unsupported-image",
      /in a format that Docker does not run/,
    ],
    ["no end", { body: "x".repeat(5 * 2 ** 20) }, "not-a-registry", /more than a registry has to say$/],
    ["a circle", { status: 307, headers: { location: "/v2/x/manifests/1" } }, "not-a-registry", /sends in circles$/],
    [
      "a way without TLS",
      { status: 307, headers: { location: "http://registry.example/x" } },
      "not-a-registry",
      /not safe$/,
    ],
    ["a way to nowhere", { status: 307, headers: { location: "http://[" } }, "not-a-registry", /not safe$/],
    ["a way to a file", { status: 302, headers: { location: "file:///etc/passwd" } }, "not-a-registry", /not safe$/],
  ])("%s", async (_, answer, code, reason) => {
    expect(await said(answer)).toMatchObject({ code, reason: expect.stringMatching(reason) });
  });

  it("says how to log in, and to whom the credentials are that were refused", async () => {
    const anonymous = await said(failure(403, "DENIED"));
    expect(anonymous.fix).toBe(`correct the name, or run \`docker login ${anonymous.host}\``);
    const config = (host: string) => ({ auths: { [host]: auth("user", "t0p-s3cret") } });
    const refused = await said(failure(401, "UNAUTHORIZED", basic), config);
    expect(refused.reason).toMatch(/^HOST refuses the credentials that are stored for it/);
  });

  it.each([
    ["60", /wait 60 s/],
    ["0", /wait 1 s/],
    ["21600", /wait 360 min/],
    [new Date(Date.now() + 30 * 60_000).toUTCString(), /wait (29|30) min/],
    ["soon", /for now$/],
  ])("passes on how long to wait: %s", async (retryAfter, words) => {
    const answer = failure(429, "TOOMANYREQUESTS", { "retry-after": retryAfter });
    expect((await said(answer)).reason).toMatch(words);
  });

  it("says to log in against a limit to who is not logged in, and not to who is", async () => {
    expect((await said(failure(429, ""))).fix).toContain("docker login");
    const { host } = await FakeServer.start(({ headers }) =>
      headers.authorization === undefined ? failure(401, "", basic) : failure(429, ""),
    );
    const client = clientWith({ auths: { [host]: auth("user", "t0p-s3cret") } });
    expect((await errorOf(client.describe(named(`${host}/x:1`)))).fix).toBe("wait");
  });
});

describe("what stands between here and a registry", () => {
  const asked = (name: string) => errorOf(clientWith().describe(named(name)));

  it("is a name that nobody knows", async () => {
    const error = await asked("registry.invalid/x:1");
    expect(error).toMatchObject({ code: "no-network", reason: expect.stringContaining("its name cannot be resolved") });
    expect(error.reason).toMatch(/^registry\.invalid cannot be asked: .*\((ENOTFOUND|EAI_AGAIN)\)$/);
  });

  it("is a port that nobody listens on", async () => {
    const { host } = await FakeServer.start(() => ({}));
    await FakeServer.stopAll();
    for (const name of [host, host.replace("127.0.0.1", "localhost")]) {
      expect((await asked(`${name}/x:1`)).reason).toBe(
        `${name} cannot be asked: it refuses the connection (ECONNREFUSED)`,
      );
    }
  });

  it("is a server that does not answer, or does not end", async () => {
    const silent = await FakeServer.start(() => "handled");
    expect((await asked(`${silent.host}/x:1`)).reason).toMatch(/it does not answer in time \(TimeoutError\)$/);
    const endless = await FakeServer.start((_, response) => {
      response.writeHead(200, { "content-type": INDEX });
      response.write("{");
      return "handled";
    });
    expect((await asked(`${endless.host}/x:1`)).reason).toMatch(/it does not answer in time/);
    expect(silent.seen).toHaveLength(1);
  });

  it("is a connection that breaks each time", async () => {
    const { host, seen } = await FakeServer.start((_, __, message) => {
      message.socket.destroy();
      return "handled";
    });
    expect((await asked(`${host}/x:1`)).reason).toMatch(/it breaks off the connection/);
    expect(seen).toHaveLength(1 + HASTY.pauses.length);
  });

  it("is a server that speaks something else", async () => {
    const server = createPlainServer((socket) => socket.end("220 mail.example ESMTP\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const error = await asked(`127.0.0.1:${port}/x:1`);
    server.close();
    expect(error.code).toBe("no-network");
  });

  it("is perhaps a proxy that Node.js does not use by itself", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://user:t0p-s3cret@proxy.example:3128");
    const error = await asked("registry.invalid/x:1");
    expect(error.fix).toContain("NODE_USE_ENV_PROXY=1");
    expect(error.message).not.toContain("t0p-s3cret");
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    expect((await asked("registry.invalid/x:1")).fix).not.toContain("proxy");
  });

  it.each([
    [{ code: "ENOTFOUND" }, "ENOTFOUND"],
    [{ code: 5 }, ""],
    [undefined, ""],
  ])("has the code of its cause: %j", (cause, code) => {
    const inner = cause === undefined ? undefined : Object.assign(new Error("x"), cause);
    expect(networkCode(new TypeError("fetch failed", { cause: inner }))).toBe(code);
  });
});

describeWith("openssl", "a certificate that nobody vouches for", () => {
  it("stands between here and a registry", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lamb-compose-tls-"));
    const { certificate, key } = makeCertificate(folder, ["x"]);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => {
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const location = `https://127.0.0.1:${port}/x`;
    const { host } = await FakeServer.start(() => ({ status: 307, headers: { location } }));
    const error = await errorOf(clientWith().describe(named(`${host}/x:1`)));
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
    expect(error).toMatchObject({
      code: "no-network",
      reason: expect.stringMatching(/its certificate is not trusted here \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/),
      fix: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
  });
});

describe("a server that stumbles", () => {
  it.each([[500], [502], [503], [504]])("with %d is asked again, and believed then", async (status) => {
    const { host, seen } = await FakeServer.start((request) =>
      seen.length < 3 ? failure(status, "UNKNOWN") : serve(CONTENT, request),
    );
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(seen).toHaveLength(3);
  });

  it("by breaking a connection, before or within its answer, is asked again", async () => {
    const { host, seen } = await FakeServer.start((request, response, message) => {
      if (seen.length > 2) return serve(CONTENT, request);
      if (seen.length === 2) {
        response.writeHead(200, { "content-type": INDEX, "content-length": String(INDEX_TEXT.length) });
        response.write(INDEX_TEXT.slice(0, 10), () => message.socket.destroy());
      } else message.socket.destroy();
      return "handled";
    });
    expect(await clientWith().describe(named(`${host}/x:1`))).toMatchObject({ mediaType: INDEX });
    expect(seen).toHaveLength(3);
  });

  it.each([[400], [401], [403], [404], [429], [501]])("with %d is not asked again", async (status) => {
    const { host, seen } = await FakeServer.start(() => failure(status, "UNKNOWN"));
    await errorOf(clientWith().describe(named(`${host}/x:1`)));
    expect(seen).toHaveLength(1);
  });
});
