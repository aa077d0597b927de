import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Caddyfile, Entry } from "../../../lib/lamb/caddy/model";
import { describeWith } from "../../support/tools";
import { type Ask, receivedOf, send } from "./client";
import { type Face, OWI_HOST, startFace } from "./face";

type Service = "lamb" | "kb" | "openwebui";

/** What passes, where to, and with what path if not with its own. */
const PASSES: readonly (readonly [ask: Ask, service: Service, url?: string])[] = [
  [{ path: "/" }, "lamb"],
  [{ path: "/assistants?id=1&next=https://a//b/../c" }, "lamb"],
  [{ path: "/creator/login", method: "POST", body: "x" }, "lamb"],
  [{ path: "/lamb/v1/lti/launch", method: "POST", body: "x" }, "lamb"],
  [{ path: "/lamb/v1/completions/list" }, "lamb"],
  [{ path: "/lamb/v1/mcp/status" }, "lamb"],
  [{ path: "/lamb/simple_lti/launch", method: "POST" }, "lamb"],
  [{ path: "/lamb" }, "lamb"],
  [{ path: "/v1/chat/completions", method: "POST", body: "{}" }, "lamb"],
  [{ path: "/static/public/1/a%20b.png" }, "lamb"],
  [{ path: "/app/immutable/entry/start.js" }, "lamb"],
  [{ path: "/config.js" }, "lamb"],
  [{ path: "/api/anything" }, "lamb"],
  [{ path: "/docs/1/lib/item/full.md?page=2" }, "lamb"],
  [{ path: "/docs/1/lib/item/images/a.b.png" }, "lamb"],
  [{ path: "/docs/1/lib/item/" }, "lamb"],
  [{ path: "/docs/1/docs/openapi.json/redoc" }, "lamb"],
  [{ path: "/docserver" }, "lamb"],
  [{ path: "/kbs" }, "lamb"],
  [{ path: "/openwebuis" }, "lamb"],
  [{ path: "/...a/..b/c../50%25" }, "lamb"],
  // files whose names have percent signs and backslashes
  [{ path: "/static/public/2/nota%205%2510.txt" }, "lamb"],
  [{ path: "/static/public/2/a%252Fb%255C.txt" }, "lamb"],
  [{ path: "/lamb/static/public/2/C:%5Ctemp%5Ca.txt" }, "lamb"],
  [{ path: "/kb/static/u/nota%205%2510%5Cb.txt" }, "kb", "/static/u/nota%205%2510%5Cb.txt"],
  [{ path: "/kb/static/user@example.com/my-kb/abc.pdf?x=1" }, "kb", "/static/user@example.com/my-kb/abc.pdf?x=1"],
  [{ path: "/kb/static/u/a%20b%25.png" }, "kb", "/static/u/a%20b%25.png"],
  [{ path: "/kb/static/kb/static/x" }, "kb", "/static/kb/static/x"],
  [{ host: "openwebui", path: "/" }, "openwebui"],
  [{ host: "openwebui", path: "/api/v1/auths/complete?token=eyJ.a-b_c.9" }, "openwebui"],
  [{ host: "openwebui", path: "/auth", method: "POST" }, "openwebui"],
  [{ host: "openwebui", path: "/auths" }, "openwebui"],
  [{ host: "openwebui", path: "/docs" }, "openwebui"],
  [{ host: "openwebui", path: "/kb/health" }, "openwebui"],
  [{ host: "openwebui", path: "/api/v1/files/a%2Fb" }, "openwebui"],
];

/** What does not, and how it is answered. */
const REFUSED: readonly (readonly [path: string, status: number])[] = [
  ["/docs", 404],
  ["/docs/", 404],
  ["/docs?x", 404],
  ["/docs/oauth2-redirect", 404],
  ["/docs/1/lib", 404],
  ["/docs/1/lib/item", 404],
  ["/redoc", 404],
  ["/redoc/", 404],
  ["/openapi.json", 404],
  ["/lamb/docs", 404],
  ["/lamb/docs/oauth2-redirect", 404],
  ["/lamb/docs/1/lib/item/x", 404],
  ["/lamb/redoc", 404],
  ["/lamb/openapi.json", 404],
  ["/kb", 404],
  ["/kb/", 404],
  ["/kb/health", 404],
  ["/kb/docs", 404],
  ["/kb/openapi.json", 404],
  ["/kb/collections", 404],
  ["/kb/database/status", 404],
  ["/kb/static", 404],
  ["/kb/statics/x", 404],
  // another letter case
  ["/DOCS", 404],
  ["/OpenAPI.json", 404],
  ["/LAMB/Docs", 404],
  ["/KB/health", 404],
  ["/Kb/Static/x", 404],
  // letters behind an encoding
  ["/%64ocs", 404],
  ["/open%61pi.json", 404],
  ["/lamb/%72edoc", 404],
  ["/%6b%62/health", 404],
  // empty segments
  ["//docs", 400],
  ["///openapi.json", 400],
  ["/lamb//docs", 400],
  ["//kb/health", 400],
  ["/kb//health", 400],
  ["/kb//static/x", 400],
  ["/docs/1//item/x", 400],
  ["/docs//", 400],
  ["//evil.example.org/kb/health", 400],
  // dot segments, plain and encoded
  ["/./docs", 400],
  ["/x/../docs", 400],
  ["/docs/.", 400],
  ["/docs/1/lib/item/..", 400],
  ["/docs/1/lib/item/../../../../openapi.json", 400],
  ["/docs/1/lib/item/%2e%2e/%2E%2E/x", 400],
  ["/docs/1/lib/item/.%2e/x", 400],
  ["/docs/1/lib/item/%252e%252e/x", 400],
  ["/kb/static/../health", 400],
  ["/kb/static/%2e%2e/health", 400],
  ["/kb/static/x/../../collections", 400],
  ["/x/../kb/static/y", 400],
  ["/kb/static/..?x", 400],
  ["/openwebui/../docs", 400],
  // slashes and backslashes behind an encoding
  ["/docs%2f", 400],
  ["/lamb%2Fdocs", 400],
  ["/%2fdocs", 400],
  ["/kb%2fhealth", 400],
  ["/kb/static%2f..%2fhealth", 400],
  ["/kb/static/..%2fhealth", 400],
  ["/kb/static/..%5chealth", 400],
  ["/kb/static/..\\health", 400],
  ["/docs/1/lib/item/%252f..%252fx", 400],
  ["/docs/1/lib/item/%25252e%25252e%25252fx", 400],
  // the same where names of files may have percent signs and backslashes
  ["/static/public/..%2fx", 400],
  ["/static/public/%2e%2e/x", 400],
  ["/static/public/1/a%0ab", 400],
  ["/static/public%5c..%5cx", 400],
  ["/kb/static/u/..%5c..%5chealth", 400],
  ["/STATIC/public/%252e%252e/x", 400],
  ["/static/publicity/a%2510b", 400],
  // control characters: a router that anchors with $ takes "/docs" and a line feed for "/docs"
  ["/docs%0a", 400],
  ["/openapi.json%0A", 400],
  ["/lamb/redoc%0a", 400],
  ["/kb%00/health", 400],
  ["/docs%1f", 400],
  ["/docs%7f", 400],
];

const REDIRECTED: readonly (readonly [path: string, target: string])[] = [
  ["/openwebui", "/"],
  ["/openwebui/", "/"],
  ["/openwebui/c/123", "/c/123"],
  ["/openwebui/c/1%202?model=a&x=%2F%2F", "/c/1%202?model=a&x=%2F%2F"],
  ["/openwebui/openwebui/x", "/openwebui/x"],
  ["/OpenWebUI/c/1", "/c/1"],
];

describeWith("caddy", "the routes of LAMB's host and of Open WebUI's", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace();
  });
  afterAll(() => face.stop());
  beforeEach(() => {
    for (const service of [face.lamb, face.kb, face.openWebUi]) service.seen.length = 0;
  });
  const seen = () => [...face.lamb.seen, ...face.kb.seen, ...face.openWebUi.seen];

  const passes = PASSES.map(([ask, service, url = ask.path]) => [ask.host ?? "lamb", url, service, ask] as const);
  it.each(passes)("on %s, %s goes to %s", async (_, url, service, ask) => {
    const answer = await send(face, ask);
    expect(receivedOf(answer)).toMatchObject({
      service,
      url,
      method: ask.method ?? "GET",
      bytes: ask.body?.length ?? 0,
    });
    expect(seen()).toHaveLength(1);
  });

  it.each(REFUSED)("%s is refused with %i and reaches nobody", async (path, status) => {
    for (const method of ["GET", "POST"]) expect((await send(face, { path, method })).status).toBe(status);
    expect(seen()).toEqual([]);
  });

  it.each(REDIRECTED)("%s leads to %s of Open WebUI's host", async (path, target) => {
    const answer = await send(face, { path });
    expect(answer.status).toBe(308);
    expect(answer.headers.location).toBe(`https://${OWI_HOST}${target}`);
    expect(seen()).toEqual([]);
  });

  it("keeps the public host and scheme, with which LAMB checks an LTI signature, and no prefix of the client's", async () => {
    const headers = [
      ["X-Forwarded-Proto", "http"],
      ["X-Forwarded-Host", "evil.example.org"],
      ["X-Forwarded-Prefix", "/evil"],
    ] as const;
    const received = receivedOf(await send(face, { path: "/lamb/v1/lti/launch", method: "POST", headers }));
    const fields = Object.fromEntries(received?.rawHeaders.map(([name, value]) => [name.toLowerCase(), value]) ?? []);
    expect(fields).toMatchObject({ host: "lamb.test", "x-forwarded-proto": "https", "x-forwarded-host": "lamb.test" });
    expect(fields).not.toHaveProperty("x-forwarded-prefix");
  });

  it("sends who comes by HTTP to HTTPS", async () => {
    for (const host of ["lamb", "openwebui"] as const) {
      const answer = await send(face, { host, path: "/a?b", scheme: "http" });
      expect(answer.status).toBe(308);
      expect(answer.headers.location).toMatch(/^https:\/\/(lamb|chat)\.test(:\d+)?\/a\?b$/);
    }
    expect(seen()).toEqual([]);
  });

  it("leads nowhere from the old path when that is not wanted", async () => {
    const without = await startFace({ redirectOldOpenWebUi: false });
    try {
      expect(receivedOf(await send(without, { path: "/openwebui/c/1" }))).toMatchObject({
        service: "lamb",
        url: "/openwebui/c/1",
      });
    } finally {
      await without.stop();
    }
  });
});

describeWith("caddy", "launches at their old addresses", () => {
  const ask = async (options: { readonly oldLti?: boolean }, path: string) => {
    const face = await startFace(options);
    try {
      const headers = [["X-Forwarded-Prefix", "/evil"]] as const;
      const received = receivedOf(await send(face, { path, method: "POST", body: "oauth_signature=x", headers }));
      const prefix = received?.rawHeaders.find(([name]) => name.toLowerCase() === "x-forwarded-prefix")?.[1];
      return [received?.service, received?.url, prefix];
    } finally {
      await face.stop();
    }
  };

  it.each([
    ["/lamb/lamb/v1/lti/launch", "/lamb/v1/lti/launch"],
    ["/lamb/lamb/v1/lti_creator/launch?a=b", "/lamb/v1/lti_creator/launch?a=b"],
  ])("come through as LAMB's earlier Caddyfile passed them, with the prefix that was signed: %s", async (path, url) => {
    expect(await ask({ oldLti: true }, path)).toEqual(["lamb", url, "/lamb"]);
    expect(await ask({}, path)).toEqual(["lamb", path, undefined]);
  });

  it.each(["/lamb/v1/lti/launch", "/lamb/lamb/v1/mcp/status", "/lamb/lambs/v1/lti/launch"])(
    "are no other addresses: %s",
    async (path) => expect(await ask({ oldLti: true }, path)).toEqual(["lamb", path, undefined]),
  );
});

describeWith("caddy", "without lines that refuse", () => {
  const reachedWithout = async (drop: (entry: Entry) => boolean) => {
    const change = (file: Caddyfile): Caddyfile => ({
      ...file,
      sites: file.sites.map((site) => ({ ...site, body: site.body.filter((entry) => !drop(entry)) })),
    });
    const face = await startFace({ change });
    try {
      const reached: string[] = [];
      for (const [path] of REFUSED) {
        const answer = await send(face, { path });
        if (receivedOf(answer) !== undefined) reached.push(path);
      }
      return reached;
    } finally {
      await face.stop();
    }
  };

  it("each of the paths above reaches a service", async () => {
    expect(await reachedWithout((entry) => refuses(entry))).toEqual(REFUSED.map(([path]) => path));
  });

  it("for twisted paths, a router that anchors with $ and a client that resolves dots can be led astray", async () => {
    const reached = await reachedWithout((entry) => refuses(entry, "twisted_path"));
    expect(reached).toEqual(expect.arrayContaining(["/docs%0a", "/kb//static/x", "/kb/static/..%5chealth"]));
  });

  it("for a spelling behind two encodings, LAMB's own question to the library can be led astray", async () => {
    const reached = await reachedWithout((entry) => refuses(entry, "encoded_twice"));
    expect(reached).toEqual(
      expect.arrayContaining(["/docs/1/lib/item/%252e%252e/x", "/docs/1/lib/item/%252f..%252fx"]),
    );
  });
});

function refuses(entry: Entry, matcher?: string): boolean {
  if (entry.kind !== "directive" || entry.name !== "handle" || typeof entry.matcher !== "object") return false;
  const responds = entry.body?.some((line) => line.kind === "directive" && line.name === "respond") ?? false;
  return responds && (matcher === undefined || entry.matcher.name === matcher);
}
