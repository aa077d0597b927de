import { lookup, Resolver } from "node:dns/promises";
import { stat, statfs } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { connect as connectSecurely } from "node:tls";
import { readText } from "../../disk/read-file";
import { messageOf, OperateError, systemCode } from "../error";

/** How full a file system is, and of which kind. */
export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  /** 0 where the file system has no fixed number. */
  readonly totalInodes: number;
  /** The number by which Linux knows the kind of a file system. */
  readonly type: number;
}

/** A port on which something listens. */
export interface Listener {
  readonly address: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** A certificate that a host shows. */
export interface ShownCertificate {
  readonly end: Date;
  /** As `X509Certificate` of Node.js gives it. */
  readonly fingerprint256: string;
}

/** The machine on which this runs, as far as checks ask. Tests have another one. */
export interface Host {
  /** @throws OperateError `cannot-read` */
  space(path: string): Promise<Space>;
  /** The text of a file; `undefined` when it is not there or may not be read. */
  text(path: string): Promise<string | undefined>;
  /** Device and number of a file; `undefined` when it is not there or may not be asked for. */
  identity(path: string): Promise<string | undefined>;
  /** The number of the user who owns a file; `undefined` when it is not there or may not be asked for. */
  owner(path: string): Promise<number | undefined>;
  listeners(): Promise<readonly Listener[]>;
  /** Whether a host accepts connections. Not the words of why not. */
  reaches(host: string, port: number): Promise<boolean>;
  /** The addresses that a name has for this host; none when it has none. */
  addresses(name: string): Promise<readonly string[]>;
  /** The addresses of this machine itself. One behind a router does not have that under which others find it. */
  ownAddresses(): readonly string[];
  /** The addresses that a name has for the rest of the world; none when it has none. `undefined` when nobody can be asked. */
  addressesOutside(name: string): Promise<readonly string[] | undefined>;
  /** The certificate that a host shows under its name. `undefined` when it shows none. */
  certificate(host: string, port: number): Promise<ShownCertificate | undefined>;
  /** Seconds by which this clock is ahead of that of a server. `undefined` when it does not answer. */
  clockOffset(host: string): Promise<number | undefined>;
}

const PATIENCE_MS = 5000;

/** Name servers of the internet, which know nothing of a name server of this network: Quad9's. */
const PUBLIC_RESOLVERS = ["9.9.9.9", "149.112.112.112"];

/** What to ask for in place of a name: those below localhost are this machine's, whatever its name server knows (RFC 6761). */
export function asResolved(name: string): string {
  return name.endsWith(".localhost") ? "127.0.0.1" : name;
}

/** The port at which a page answers. */
export function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === "https:" ? 443 : 80));
}

/** The machine itself. */
export const THIS_HOST: Host = {
  async space(path) {
    try {
      const { bavail, blocks, bsize, ffree, files, type } = await statfs(path);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeInodes: ffree, totalInodes: files, type };
    } catch (error) {
      const fix = "run this on the host of the engine, as a user who may read it";
      throw new OperateError({ code: "cannot-read", path, reason: `cannot be looked at: ${messageOf(error)}`, fix });
    }
  },
  text: (path) => readText(path).catch(() => undefined),
  async identity(path) {
    const stats = await stat(path).catch(() => undefined);
    return stats && `${stats.dev}:${stats.ino}`;
  },
  owner: async (path) => (await stat(path).catch(() => undefined))?.uid,
  async listeners() {
    const tables = await Promise.all(
      (["tcp", "tcp6", "udp", "udp6"] as const).map(async (name) =>
        listenersIn((await THIS_HOST.text(`/proc/net/${name}`)) ?? "", name.startsWith("tcp") ? "tcp" : "udp"),
      ),
    );
    return tables.flat();
  },
  async addresses(name) {
    const found = await lookup(asResolved(name), { all: true }).catch(() => []);
    return found.map(({ address }) => address);
  },
  ownAddresses: () => Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  addressesOutside: (name) => addressesFrom(PUBLIC_RESOLVERS, name),
  async certificate(host, port) {
    const [address] = await THIS_HOST.addresses(host);
    if (address === undefined) return undefined;
    return new Promise((resolve) => {
      // Whether it is trusted is for browsers to say: here it is only read, and nothing is sent.
      const socket = connectSecurely({ host: address, port, servername: host, rejectUnauthorized: false });
      const end = (answer: ShownCertificate | undefined) => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(PATIENCE_MS, () => end(undefined));
      socket.once("secureConnect", () => {
        const { valid_to, fingerprint256 } = socket.getPeerCertificate();
        const then = Date.parse(valid_to);
        end(Number.isNaN(then) ? undefined : { end: new Date(then), fingerprint256 });
      });
      socket.once("error", () => end(undefined));
    });
  },
  reaches: (host, port) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: PATIENCE_MS });
      const end = (answer: boolean) => {
        socket.destroy();
        resolve(answer);
      };
      socket
        .once("connect", () => end(true))
        .once("timeout", () => end(false))
        .once("error", () => end(false));
    }),
  async clockOffset(host) {
    const answer = await headOf(host);
    const then = Date.parse(answer?.headers.date ?? "");
    return Number.isNaN(then) ? undefined : (Date.now() - then) / 1000;
  },
};

function headOf(host: string): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    // A wrong clock makes certificates look expired: only the time is read, and nothing is trusted or sent.
    const asked = request({ host, method: "HEAD", path: "/", timeout: PATIENCE_MS, rejectUnauthorized: false });
    asked.once("response", (answer) => {
      answer.resume();
      resolve(answer);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(undefined));
    asked.end();
  });
}

/**
 * The addresses that name servers have for a name.
 *
 * @param servers addresses, with a port or without one
 * @returns `undefined` when none of them answers
 */
export async function addressesFrom(servers: readonly string[], name: string): Promise<readonly string[] | undefined> {
  const resolver = new Resolver({ timeout: PATIENCE_MS / 2, tries: 1 });
  resolver.setServers(servers);
  const asked = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const answers = asked.map((one) => {
    if (one.status === "fulfilled") return one.value;
    return NO_ADDRESS.has(systemCode(one.reason) ?? "") ? [] : undefined;
  });
  return answers.includes(undefined) ? undefined : answers.flatMap((addresses = []) => addresses);
}

/** What a name server says of a name that it does not know, or has no such address for. */
const NO_ADDRESS: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA"]);

/** How Linux numbers the state of a TCP socket that listens, and that of a UDP socket that is bound to no peer. */
const LISTENING = { tcp: "0A", udp: "07" } as const;

/** What listens, from the text of a file such as `/proc/net/tcp6`. */
export function listenersIn(text: string, protocol: Listener["protocol"]): readonly Listener[] {
  return text.split("\n").flatMap((line): readonly Listener[] => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address, port] = local.split(":");
    if (state !== LISTENING[protocol] || address === undefined || port === undefined) return [];
    return [{ address: addressOf(address), port: Number.parseInt(port, 16), protocol }];
  });
}

/** An address as Linux prints it: words of four bytes, each with its lowest byte first. */
function addressOf(hex: string): string {
  const words = hex.toLowerCase().match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  const isMapped = bytes.slice(0, 12).join("") === "00000000000000000000ffff";
  if (bytes.length === 4 || isMapped) {
    const last = bytes.slice(-4);
    return last.map((byte) => Number.parseInt(byte, 16)).join(".");
  }
  if (bytes.every((byte) => byte === "00")) return "::";
  const groups = Array.from({ length: 8 }, (_, at) => bytes.slice(at * 2, at * 2 + 2).join(""));
  return groups.map((group) => group.replace(/^0{1,3}/, "")).join(":");
}
