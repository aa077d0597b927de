import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createSecureServer } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import { addressesFrom, listenersIn, THIS_HOST } from "../../../lib/operate/doctor/host";
import { describeWith, run } from "../../support/tools";

const dir = mkdtempSync(join(tmpdir(), "lamb-compose-host-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("this machine", () => {
  it.skipIf(!existsSync("/proc/net/tcp"))("says who listens, and no longer once they have stopped", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const tcp = { address: "127.0.0.1", port: portOf(server.address()), protocol: "tcp" };
    const udp = { address: "127.0.0.1", port: socket.address().port, protocol: "udp" };
    const found = await THIS_HOST.listeners();
    expect(found).toContainEqual(tcp);
    expect(found).toContainEqual(udp);
    expect(await THIS_HOST.reaches("127.0.0.1", tcp.port)).toBe(true);
    socket.close();
    await new Promise((resolve) => server.close(resolve));
    expect(await THIS_HOST.listeners()).not.toContainEqual(tcp);
    expect(await THIS_HOST.reaches("127.0.0.1", tcp.port)).toBe(false);
  });

  it("finds names below localhost here, and others where the name server has them", async () => {
    expect(await THIS_HOST.addresses("shop.localhost")).toEqual(["127.0.0.1"]);
    expect(await THIS_HOST.addresses("name.invalid")).toEqual([]);
  });

  it("asks other name servers for both kinds of address, and tells who has none from who does not answer", async () => {
    const server = createSocket("udp4");
    server.on("message", (asked, { port }) => server.send(answerOf(asked), port, "127.0.0.1"));
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    const servers = [`127.0.0.1:${server.address().port}`];
    expect(await addressesFrom(servers, "four.campus.org")).toEqual(["192.0.2.7"]);
    expect(await addressesFrom(servers, "none.campus.org")).toEqual([]);
    await new Promise<void>((resolve) => server.close(resolve));
    expect(await addressesFrom(servers, "four.campus.org")).toBeUndefined();
  });

  it("reads addresses of IPv6 as Linux prints them, and takes connections for no listeners", () => {
    const row = (address: string, state: string) => `   0: ${address}:01BB 00000000:0000 ${state} 00000000:00000000`;
    const text = [
      "  sl  local_address                         remote_address",
      row("00000000000000000000000000000000", "0A"),
      row("00000000000000000000000001000000", "0A"),
      row("0000000000000000FFFF00000100007F", "0A"),
      row("B80D0120000000000000000001000000", "0A"),
      row("00000000000000000000000000000000", "01"),
    ];
    expect(listenersIn(text.join("\n"), "tcp").map(({ address, port }) => `${address} ${port}`)).toEqual([
      ":: 443",
      "0:0:0:0:0:0:0:1 443",
      "127.0.0.1 443",
      "2001:db8:0:0:0:0:0:1 443",
    ]);
  });

  it("tells a file from the one that takes its place", async () => {
    const [path, next] = [join(dir, "file"), join(dir, "next")];
    writeFileSync(path, "old");
    writeFileSync(next, "new");
    const before = await THIS_HOST.identity(path);
    renameSync(next, path);
    expect(await THIS_HOST.identity(path)).not.toBe(before);
    expect(await THIS_HOST.identity(join(dir, "none"))).toBeUndefined();
  });

  it("knows how much room there is, and says so when it cannot look", async () => {
    const { freeBytes, totalBytes } = await THIS_HOST.space(dir);
    expect(freeBytes).toBeGreaterThan(0);
    expect(totalBytes).toBeGreaterThan(freeBytes);
    await expect(THIS_HOST.space(join(dir, "none"))).rejects.toMatchObject({ code: "cannot-read" });
  });
});

/** What a name server says that has one address, of IPv4, for names that begin with `four`. */
function answerOf(asked: Buffer): Buffer {
  const question = asked.subarray(12, asked.indexOf(0, 12) + 5);
  const has = question.toString("latin1", 1, 5) === "four" && question.at(-3) === 1;
  const head = Buffer.from(asked.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(has ? 1 : 0, 6);
  head.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
  return Buffer.concat(has ? [head, question, record] : [head, question]);
}

function portOf(address: string | AddressInfo | null): number {
  if (typeof address !== "object" || address === null) throw new Error("it listens on no port");
  return address.port;
}

describeWith("openssl", "a certificate as it is shown", () => {
  it("ends when OpenSSL says so; who shows none has none", async () => {
    const [key, certificate] = [join(dir, "key.pem"), join(dir, "certificate.pem")];
    const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "5"];
    run("openssl", [...made, "-subj", "/CN=shop.localhost", "-keyout", key, "-out", certificate]);
    const { stdout } = run("openssl", ["x509", "-enddate", "-noout", "-in", certificate]);
    const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = portOf(server.address());
    const { stdout: print } = run("openssl", ["x509", "-fingerprint", "-sha256", "-noout", "-in", certificate]);
    expect(await THIS_HOST.certificate("shop.localhost", port)).toEqual({
      end: new Date(stdout.replace("notAfter=", "")),
      fingerprint256: print.trim().replace(/^.*=/, ""),
    });
    await new Promise((resolve) => server.close(resolve));
    expect(await THIS_HOST.certificate("shop.localhost", port)).toBeUndefined();
  });
});
