/** One published port, as the long form has it. Numbers are in decimal, without leading zeros. */
export interface PortMapping {
  readonly target: number;
  /** A port, or a range `a-b` from which the engine picks one. Absent: any free port. */
  readonly published?: string;
  readonly host_ip?: string;
  readonly protocol: string;
}

/** A short form that Compose refuses; the message is Compose's. */
export class PortError extends Error {
  override readonly name = "PortError";
}

interface Range {
  readonly first: number;
  readonly last: number;
}

const PROTOCOLS: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);
const OCTET = /^(?:0|[1-9]\d{0,2})$/;

function parsePort(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}

/** `n` or `a-b`; what stands behind a second `-` is not looked at. */
function parseRange(text: string): Range | undefined {
  const [low = "", high] = text.split("-");
  const first = parsePort(low);
  const last = high === undefined ? first : parsePort(high);
  return first === undefined || last === undefined || last < first ? undefined : { first, last };
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => OCTET.test(part) && Number(part) < 256);
}

/** An address without zone, as Go's `net.ParseIP` takes it. */
export function isIpAddress(text: string): boolean {
  if (!text.includes(":")) return isIpv4(text);
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = (half: string) => (half === "" ? [] : half.split(":"));
  const head = groups(halves[0] ?? "");
  const tail = groups(halves[1] ?? "");
  const all = [...head, ...tail];
  let size = all.length;
  for (const [index, group] of all.entries()) {
    const atEnd = index === all.length - 1 && (halves.length === 1 || tail.length > 0);
    if (group.includes(".")) {
      if (!atEnd || !isIpv4(group)) return false;
      size++;
    } else if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return false;
  }
  return halves.length === 2 ? size < 8 : size === 8;
}

/** What Go's `net.SplitHostPort` says of an address, `undefined` when it takes it. */
function addressProblem(text: string): string | undefined {
  if (!text.startsWith("[")) {
    if (text.includes(":")) return "too many colons in address";
    if (text.includes("[")) return "unexpected '[' in address";
    return text.includes("]") ? "unexpected ']' in address" : undefined;
  }
  const close = text.indexOf("]");
  if (close < 0) return "missing ']' in address";
  if (close < text.length - 1) {
    return text[close + 1] === ":" ? "too many colons in address" : "missing port in address";
  }
  return text.indexOf("[", 1) > 0 ? "unexpected '[' in address" : undefined;
}

function parseAddress(text: string, newer: boolean): string {
  const problem = newer && !text.startsWith("[") ? undefined : addressProblem(text);
  const bad = newer ? "invalid IP address" : "Invalid ip address";
  if (problem !== undefined) throw new PortError(`${bad} ${text}: address ${text}:: ${problem}`);
  const address = text.startsWith("[") ? text.slice(1, -1) : text;
  if (address !== "" && !isIpAddress(address)) throw new PortError(`${bad}: ${address}`);
  return address;
}

function splitProtocol(text: string, newer: boolean): { protocol: string; port: string } {
  const [port = "", first = "", ...more] = text.split("/");
  const protocol = newer ? [first, ...more].join("/").toLowerCase() : first;
  if (port === "") return { protocol: "", port: "" };
  return { protocol: protocol === "" ? "tcp" : protocol, port };
}

/** How short forms of ports are read. */
export interface ParsePortsOptions {
  /** Read it as Compose 5 does. @default false */
  readonly newer?: boolean;
}

/**
 * The short form of a port, `[[host_ip:]published:]target[/protocol]` (Compose specification, `ports`). A range of
 * targets gives one mapping each, in the order in which Compose lists them: by the text `port/protocol`.
 *
 * @throws PortError with Compose's message.
 */
export function parsePorts(spec: string, { newer = false }: ParsePortsOptions = {}): PortMapping[] {
  const word = (text: string) => (newer ? text.toLowerCase() : text);
  const parts = spec.split(":");
  const { protocol, port } = splitProtocol(parts.at(-1) ?? "", newer);
  const published = parts.length > 1 ? (parts.at(-2) ?? "") : "";
  const hostIp = parseAddress(parts.slice(0, -2).join(":"), newer);
  if (port === "") throw new PortError(`${word("No")} port specified: ${spec}<empty>`);
  const target = parseRange(port);
  if (target === undefined) throw new PortError(`${word("Invalid")} containerPort: ${port}`);
  const host = published === "" ? undefined : parseRange(published);
  if (published !== "" && host === undefined) throw new PortError(`${word("Invalid")} hostPort: ${published}`);
  const count = target.last - target.first + 1;
  if (host !== undefined && count > 1 && host.last - host.first + 1 !== count) {
    throw new PortError(`${word("Invalid")} ranges specified for container and host Ports: ${port} and ${published}`);
  }
  const lower = protocol.toLowerCase();
  if (!PROTOCOLS.has(lower)) throw new PortError(`${word("Invalid")} proto: ${protocol}`);
  const mappings = Array.from({ length: count }, (_, i): PortMapping => {
    const single = count === 1 && host !== undefined && host.last > host.first;
    return {
      target: target.first + i,
      ...(host === undefined ? {} : { published: single ? `${host.first}-${host.last}` : String(host.first + i) }),
      ...(hostIp === "" ? {} : { host_ip: hostIp }),
      protocol: lower,
    };
  });
  const sortKey = (mapping: PortMapping) => `${mapping.target}/`;
  return mappings.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}
