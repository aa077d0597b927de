import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Caddyfile, directive, type Entry } from "../../../lib/lamb/caddy/model";
import { describeWith } from "../../support/tools";
import { type Answer, type Ask, type HostName, hostOf, receivedOf, send, sendHttp2 } from "./client";
import { type Face, LAMB_HOST, OWI_HOST, type RunningCaddy, startCaddy, startFace } from "./face";

type Header = readonly [name: string, value: string];

/** Every way to write the two names that a service could read as them. */
const SPELLINGS: readonly string[] = ["Email", "Name"].flatMap((what) =>
  ["-", "_"].flatMap((first) =>
    ["-", "_"].flatMap((second) => {
      const name = `X${first}User${second}${what}`;
      const alternating = [...name]
        .map((letter, index) => (index % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase()))
        .join("");
      return [name, name.toLowerCase(), name.toUpperCase(), alternating];
    }),
  ),
);

const SPOOFED: readonly Header[] = SPELLINGS.map((name) => [name, "admin@owi.com"]);
const DUPLICATES: readonly Header[] = [...SPOOFED, ...SPOOFED, ["X-Other", "stays"]];
const SIGN_IN: Ask = {
  host: "openwebui",
  path: "/api/v1/auths/signin",
  method: "POST",
  body: "{}",
  headers: DUPLICATES,
};

/** The names that got through, as a lenient service would read them. */
function identityIn(answer: Answer): string[] {
  const received = receivedOf(answer);
  if (received === undefined) throw new Error(`no service answered: ${answer.status}`);
  const names = received.rawHeaders.map(([name]) => name.toLowerCase().replaceAll("_", "-"));
  return [...new Set(names.filter((name) => name.startsWith("x-user")))].sort();
}

describeWith("caddy", "X-User-Email and X-User-Name", () => {
  let face: Face;
  let http3: RunningCaddy;
  beforeAll(async () => {
    face = await startFace({ change: sayingProtocol });
    http3 = await startHttp3Client(face);
  });
  afterAll(async () => {
    await http3.stop();
    await face.stop();
  });

  const hosts: readonly HostName[] = ["lamb", "openwebui"];
  const eachSpelling = hosts.flatMap((host) => SPELLINGS.map((name) => [name, host] as const));

  it.each(eachSpelling)("%s does not pass on the host of %s", async (name, host) => {
    const headers: Header[] = [
      [name, "admin@owi.com"],
      [name, "again@owi.com"],
      ["X-Other", "stays"],
    ];
    const answer = await send(face, { host, path: "/lamb/v1/mcp/status", headers });
    expect(identityIn(answer)).toEqual([]);
    expect(receivedOf(answer)?.rawHeaders).toContainEqual(["X-Other", "stays"]);
  });

  it("does not pass in any number of spellings at once", async () => {
    expect(identityIn(await send(face, SIGN_IN))).toEqual([]);
  });

  it("does not pass by HTTP/2", async () => {
    const answer = await sendHttp2(face, SIGN_IN);
    expect(answer.headers["x-protocol"]).toBe("HTTP/2.0");
    expect(receivedOf(answer)).toMatchObject({ service: "openwebui", url: SIGN_IN.path });
    expect(identityIn(answer)).toEqual([]);
  });

  it("does not pass by HTTP/3", async () => {
    const answer = await send(http3, { ...SIGN_IN, scheme: "http" });
    expect(answer.headers["x-protocol"]).toBe("HTTP/3.0");
    expect(receivedOf(answer)).toMatchObject({ service: "openwebui", url: SIGN_IN.path });
    expect(identityIn(answer)).toEqual([]);
  });

  it.each([true, false])("does not pass as a trailer (announced: %s)", async (announced) => {
    const answer = await sendTrailer(face, announced);
    expect(answer).toContain('"service":"openwebui"');
    expect(answer).not.toContain("admin@owi.com");
  });

  it("does not pass on the knowledge base's files", async () => {
    expect(identityIn(await send(face, { path: "/kb/static/x", headers: DUPLICATES }))).toEqual([]);
  });

  it("does not pass with underscores where Caddy itself would let them", async () => {
    const header = /^x.user.(email|name)$/i;
    const passed = async (change: (file: Caddyfile) => Caddyfile) => {
      const face = await startFace({ change });
      try {
        const received = receivedOf(await send(face, { ...SIGN_IN, headers: [] }));
        return new Set(received?.rawHeaders.map(([name]) => name.toLowerCase()).filter((name) => header.test(name)));
      } finally {
        await face.stop();
      }
    };
    const spellings = new Set(SPELLINGS.map((name) => name.toLowerCase()).filter((name) => name.includes("_")));
    expect(await passed((file) => withUnderscores(withoutRemoval(file)))).toEqual(spellings);
    expect(await passed(withUnderscores)).toEqual(new Set());
  });

  it("passes as soon as the lines that remove it are gone: Open WebUI would get it", async () => {
    const open = await startFace({ change: withoutRemoval });
    const http3 = await startHttp3Client(open);
    try {
      for (const name of SPELLINGS.filter((name) => !name.includes("_"))) {
        const answer = await send(open, { ...SIGN_IN, headers: [[name, "admin@owi.com"]] });
        expect(identityIn(answer)).toEqual([name.toLowerCase()]);
      }
      for (const answer of [await sendHttp2(open, SIGN_IN), await send(http3, { ...SIGN_IN, scheme: "http" })]) {
        expect(identityIn(answer)).toEqual(["x-user-email", "x-user-name"]);
      }
    } finally {
      await http3.stop();
      await open.stop();
    }
  });
});

describeWith("caddy", "X-User-Email where MCP is used", () => {
  let face: Face;
  beforeAll(async () => {
    face = await startFace({ mcp: true });
  });
  afterAll(() => face.stop());

  it("passes below /lamb/v1/mcp, in its own spelling only, and X-User-Name does not", async () => {
    const answer = await send(face, { path: "/lamb/v1/mcp/prompts/list", headers: SPOOFED });
    const received = receivedOf(answer)?.rawHeaders.filter(([name]) => /^x.user/i.test(name)) ?? [];
    expect(new Set(received.map(([name]) => name.toLowerCase()))).toEqual(new Set(["x-user-email"]));
  });

  it.each([
    "/lamb/v1/mcp",
    "/lamb/v1/mcps/x",
    "/LAMB/v1/mcp/x",
    "/creator/lamb/v1/mcp/x",
    "/lamb/v1/lti/launch",
    "/creator/users",
    "/creator?/lamb/v1/mcp/x",
    "/kb/static/lamb/v1/mcp/x",
  ])("does not pass at %s", async (path) => {
    expect(identityIn(await send(face, { path, headers: SPOOFED }))).toEqual([]);
  });

  it("does not pass on Open WebUI's host, not even there", async () => {
    expect(identityIn(await send(face, { host: "openwebui", path: "/lamb/v1/mcp/x", headers: SPOOFED }))).toEqual([]);
  });

  it("does not get out of there by a twisted path", async () => {
    for (const path of ["/lamb/v1/mcp/../../../creator/users", "/lamb/v1/mcp/..%2f..%2fx", "/lamb/v1/mcp//x"]) {
      expect((await send(face, { path, headers: SPOOFED })).status).toBe(400);
    }
    expect(face.lamb.seen.some((url) => url.includes(".."))).toBe(false);
  });
});

function withoutRemoval(file: Caddyfile): Caddyfile {
  const removes = (entry: Entry) => entry.kind === "directive" && entry.name === "request_header";
  return {
    ...file,
    sites: file.sites.map((site) => ({ ...site, body: site.body.filter((entry) => !removes(entry)) })),
  };
}

/** Answers say by which protocol the request came. */
function sayingProtocol(file: Caddyfile): Caddyfile {
  const line = directive("header", ["X-Protocol", "{http.request.proto}"]);
  return { ...file, sites: file.sites.map((site) => ({ ...site, body: [line, ...site.body] })) };
}

/**
 * Caddy 2.11 itself drops names with an underscore, which older ones pass on. So that the lines of the Caddyfile are what is tried, each request
 * gets these headers inside Caddy, before the lines run.
 */
function withUnderscores(file: Caddyfile): Caddyfile {
  const names = SPELLINGS.filter((name) => name.includes("_"));
  const added = names.map((name) => directive("request_header", [`+${name}`, "admin@owi.com"]));
  return { ...file, sites: file.sites.map((site) => ({ ...site, body: [...added, ...site.body] })) };
}

/** A second Caddy that speaks HTTP/3 to the first: neither node nor curl does. */
function startHttp3Client(face: Face): Promise<RunningCaddy> {
  const sites = [LAMB_HOST, OWI_HOST].map((host) => {
    const transport = [
      directive("versions", ["3"]),
      directive("tls_insecure_skip_verify"),
      directive("tls_server_name", [host]),
    ];
    const body = [directive("header_up", ["Host", host]), directive("transport", ["http"], { body: transport })];
    return {
      addresses: [`http://${host}`],
      body: [directive("reverse_proxy", [`https://127.0.0.1:${face.httpsPort}`], { body })],
    };
  });
  return startCaddy({ globals: [directive("auto_https", ["off"])], snippets: [], sites });
}

/** Sends the header after a chunked body, by hand: HTTP clients do not let a test do this. */
function sendTrailer(caddy: RunningCaddy, announced: boolean): Promise<string> {
  const host = hostOf("openwebui");
  const lines = [
    "POST /api/v1/auths/signin HTTP/1.1",
    `Host: ${host}`,
    "Transfer-Encoding: chunked",
    "Connection: close",
    ...(announced ? ["Trailer: X-User-Email"] : []),
    "",
    "2",
    "{}",
    "0",
    "X-User-Email: admin@owi.com",
    "",
    "",
  ];
  return new Promise((done, fail) => {
    const socket = connectTls({
      host: "127.0.0.1",
      port: caddy.httpsPort,
      servername: host,
      rejectUnauthorized: false,
    });
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", fail);
    socket.on("end", () => done(answer));
    socket.write(lines.join("\r\n"));
  });
}
