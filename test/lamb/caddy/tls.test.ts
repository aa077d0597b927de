import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/tools";
import { makeCertificate } from "./certificate";
import { type HostName, hostOf, receivedOf, send } from "./client";
import { type Face, startFace } from "./face";
import { portOf } from "./services";

const HOST_NAMES: readonly HostName[] = ["lamb", "openwebui"];

describeWith("caddy", "TLS with the operator's certificates", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "lamb-compose-tls-"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const certificateFor = (folder: string, names: readonly string[]) => {
    mkdirSync(join(directory, folder));
    return makeCertificate(join(directory, folder), names);
  };

  it("serves one for both hosts, with HSTS", async () => {
    const files = certificateFor("both", ["lamb.test", "chat.test"]);
    const face = await startFace({ tls: { kind: "certificate", ...files } });
    try {
      for (const host of HOST_NAMES) {
        expect((await peerOf(face, host)).fingerprint256).toBe(fingerprintOf(files.certificate));
        expect((await send(face, { host, path: "/" })).headers["strict-transport-security"]).toBe("max-age=31536000");
      }
    } finally {
      await face.stop();
    }
  });

  it("serves one for each host", async () => {
    const lamb = certificateFor("lamb", ["lamb.test"]);
    const openWebUi = certificateFor("chat", ["chat.test"]);
    const face = await startFace({ tls: { kind: "certificate", ...lamb, openWebUi } });
    try {
      expect((await peerOf(face, "lamb")).fingerprint256).toBe(fingerprintOf(lamb.certificate));
      expect((await peerOf(face, "openwebui")).fingerprint256).toBe(fingerprintOf(openWebUi.certificate));
    } finally {
      await face.stop();
    }
  });

  it("orders none for a host that they do not cover", async () => {
    const files = certificateFor("only-lamb", ["lamb.test"]);
    const face = await startFace({ tls: { kind: "certificate", ...files } });
    try {
      expect((await peerOf(face, "lamb")).fingerprint256).toBe(fingerprintOf(files.certificate));
      expect(face.log()).not.toMatch(/obtaining certificate|acme/i);
    } finally {
      await face.stop();
    }
  });
});

describeWith("caddy", "TLS with Caddy's own authority", () => {
  it("is trusted by who has the authority's certificate, from where the documentation says it is", async () => {
    const face = await startFace({ tls: { kind: "internal" } });
    try {
      const authority = readFileSync(join(face.directory, "caddy/pki/authorities/local/root.crt"));
      for (const host of HOST_NAMES)
        expect((await peerOf(face, host, authority)).subjectAltName).toBe(`DNS:${hostOf(host)}`);
      await expect(peerOf(face, "lamb", Buffer.from(""))).rejects.toThrow(/certificate/);
      expect(face.log()).not.toMatch(/installing root certificate|acme-v02|zerossl/i);
    } finally {
      await face.stop();
    }
  });
});

describeWith("caddy", "TLS by ACME", () => {
  it.each([true, false])(
    "asks the authority for an account with the operator's address (external account: %s)",
    async (external) => {
      const acme = await startAcmeDirectory();
      const account = { keyId: "member-7", macKey: Buffer.from("k".repeat(32)).toString("base64url") };
      const directory = `http://127.0.0.1:${acme.port}/directory`;
      const face = await startFace({
        tls: { kind: "acme", email: "{$CADDY_EMAIL}", directory, ...(external ? { account } : {}) },
      });
      try {
        const payload = await acme.account;
        expect(payload).toMatchObject({ contact: ["mailto:admin@lamb.test"], termsOfServiceAgreed: true });
        expect(payload.externalAccountBinding?.protected?.kid).toBe(external ? "member-7" : undefined);
        for (const host of HOST_NAMES) {
          const answer = await send(face, { host, path: "/x", scheme: "http" });
          expect(answer.status).toBe(308);
          expect(answer.headers.location).toContain(`https://${hostOf(host)}`);
        }
      } finally {
        await face.stop();
        await acme.close();
      }
    },
  );
});

describeWith("caddy", "plain HTTP behind another proxy", () => {
  const forwarded = [
    ["X-Forwarded-For", "192.0.2.7"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Host", "lamb.test"],
  ] as const;
  const fieldsOf = async (face: Face) => {
    const answer = await send(face, {
      path: "/lamb/v1/lti/launch",
      method: "POST",
      scheme: "http",
      headers: forwarded,
    });
    return Object.fromEntries(receivedOf(answer)?.rawHeaders.map(([name, value]) => [name.toLowerCase(), value]) ?? []);
  };

  it("tells the services the scheme that browsers use, and the client whom the trusted proxy saw", async () => {
    const face = await startFace({ tls: { kind: "proxied", trustedProxies: ["127.0.0.0/8"] } });
    try {
      expect(await fieldsOf(face)).toMatchObject({
        "x-forwarded-proto": "https",
        "x-forwarded-for": "192.0.2.7",
        host: "lamb.test",
      });
    } finally {
      await face.stop();
    }
  });

  it("believes nobody else who the client is; LTI signatures are right all the same", async () => {
    const face = await startFace({ tls: { kind: "proxied", trustedProxies: ["10.9.9.9"] } });
    try {
      expect(await fieldsOf(face)).toMatchObject({ "x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1" });
    } finally {
      await face.stop();
    }
  });

  it.each(["https", "http"] as const)("leads the old path to %s, which is what browsers use", async (publicScheme) => {
    const face = await startFace({ tls: { kind: "proxied", trustedProxies: ["private_ranges"], publicScheme } });
    try {
      const answer = await send(face, { path: "/openwebui/c/1", scheme: "http" });
      expect(answer.headers.location).toBe(`${publicScheme}://chat.test/c/1`);
      expect((await send(face, { host: "openwebui", path: "/", scheme: "http" })).status).toBe(200);
    } finally {
      await face.stop();
    }
  });
});

interface Peer {
  readonly fingerprint256: string;
  readonly subjectAltName: string | undefined;
}

/** The certificate that Caddy shows; it must be trusted when an authority is given. */
function peerOf(face: Face, host: HostName, authority?: Buffer): Promise<Peer> {
  const trust = authority === undefined ? { rejectUnauthorized: false } : { ca: authority };
  return new Promise((done, fail) => {
    const socket = connect({ host: "127.0.0.1", port: face.httpsPort, servername: hostOf(host), ...trust }, () => {
      const { fingerprint256, subjectaltname } = socket.getPeerCertificate();
      socket.destroy();
      done({ fingerprint256, subjectAltName: subjectaltname });
    });
    socket.once("error", fail);
  });
}

function fingerprintOf(path: string): string {
  return new X509Certificate(readFileSync(path)).fingerprint256;
}

interface AccountPayload {
  readonly contact?: readonly string[];
  readonly termsOfServiceAgreed?: boolean;
  readonly externalAccountBinding?: { readonly protected?: { readonly kid?: string } };
}

/** As much of an ACME authority as it takes to see who wants an account. It grants none. */
async function startAcmeDirectory() {
  let settle: (payload: AccountPayload) => void = () => undefined;
  const account = new Promise<AccountPayload>((done) => {
    settle = done;
  });
  const server = createServer(async (request, response) => {
    const base = `http://${request.headers.host}`;
    response.setHeader("Replay-Nonce", "bm9uY2U");
    if (request.url === "/directory") {
      const urls = {
        newNonce: `${base}/nonce`,
        newAccount: `${base}/account`,
        newOrder: `${base}/order`,
        meta: { externalAccountRequired: false },
      };
      response.setHeader("content-type", "application/json").end(JSON.stringify(urls));
      return;
    }
    if (request.url === "/account") {
      const payload = decode((await bodyOf(request)).payload);
      const binding = payload.externalAccountBinding;
      settle(
        binding === undefined
          ? payload
          : { ...payload, externalAccountBinding: { protected: decode(binding.protected) } },
      );
      response.statusCode = 403;
    }
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = async () => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
  };
  return { port: portOf(server), account, close };
}

async function bodyOf(request: IncomingMessage) {
  return JSON.parse(Buffer.concat(await request.toArray()).toString());
}

function decode(text: string) {
  return JSON.parse(Buffer.from(text, "base64url").toString());
}
