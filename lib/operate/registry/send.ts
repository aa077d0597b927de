import { OperateError } from "../error";
import { isSafe } from "./host";
import { networkCode, noNetwork, notARegistry, type RegistryRequest } from "./problems";

/** How long to wait for a registry, and how often to ask again. */
export interface RetryPolicy {
  /** For one answer, from the connection to its last byte, in milliseconds. */
  readonly timeout: number;
  /** Before each further attempt, in milliseconds. */
  readonly pauses: readonly number[];
}

export const RETRY_POLICY: RetryPolicy = { timeout: 20_000, pauses: [500, 2000] };

/** One request. */
export interface Request {
  readonly url: URL;
  readonly method: "GET" | "HEAD" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** Goes to this host and no other one. @default - none */
  readonly authorization?: string | undefined;
  readonly form?: URLSearchParams | undefined;
}

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Who gave it: another host when there was a redirection. */
  readonly hostname: string;
  /** Whether the host answered that was asked. */
  readonly isOwn: boolean;
  text(): string;
}

/** The largest manifest that registries must take. */
const LARGEST = 4 * 2 ** 20;
const MOST_REDIRECTIONS = 5;
const REDIRECTIONS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A server that says this may say something else a moment later. */
const PASSING: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const BROKEN: ReadonlySet<string> = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "UND_ERR_SOCKET", "EAI_AGAIN"]);

/**
 * Asks, again after a pause when a server or the connection breaks down, and goes where the answer sends. What proves
 * who asks stays with the host that was asked, and nothing goes over the network without TLS.
 *
 * @throws OperateError `no-network`, `not-a-registry`
 */
export async function send(asked: RegistryRequest, request: Request, retryPolicy: RetryPolicy): Promise<Reply> {
  let { url } = request;
  for (let redirections = 0; ; redirections++) {
    const isOwn = url.origin === request.url.origin;
    const { authorization } = request;
    const headers = { ...request.headers, ...(isOwn && authorization !== undefined ? { authorization } : {}) };
    const reply = await sendWithRetries(asked, { ...request, url, headers }, isOwn, retryPolicy);
    const target = REDIRECTIONS.has(reply.status) ? reply.headers.get("location") : null;
    if (target === null || request.method === "POST") return reply;
    const next = URL.canParse(target, url.href) ? new URL(target, url) : undefined;
    if (next === undefined || !isSafe(next, asked.host)) {
      throw notARegistry(asked, url.host, "sends to an address that is not safe");
    }
    if (redirections === MOST_REDIRECTIONS) throw notARegistry(asked, url.host, "sends in circles");
    url = next;
  }
}

async function sendWithRetries(
  asked: RegistryRequest,
  request: Request,
  isOwn: boolean,
  retryPolicy: RetryPolicy,
): Promise<Reply> {
  for (const pause of [...retryPolicy.pauses, undefined]) {
    try {
      const reply = await once(asked, request, isOwn, retryPolicy.timeout);
      if (pause === undefined || !PASSING.has(reply.status)) return reply;
    } catch (error) {
      if (pause === undefined || !BROKEN.has(networkCode(error))) throw inWords(asked, request.url, error);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new RangeError("the last attempt has no pause behind it");
}

async function once(asked: RegistryRequest, request: Request, isOwn: boolean, timeout: number): Promise<Reply> {
  const { url, method, headers, form } = request;
  const response = await fetch(url, {
    method,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(timeout),
    ...(form === undefined ? {} : { body: form }),
  });
  const body = await bytesOf(response);
  if (body === undefined) throw notARegistry(asked, url.host, "answers with more than a registry has to say");
  const { status, headers: received } = response;
  return { status, headers: received, body, hostname: url.host, isOwn, text: () => new TextDecoder().decode(body) };
}

/** The body, to its end. `undefined` when it is too large. */
async function bytesOf({ body }: Response): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > LARGEST) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function inWords(asked: RegistryRequest, url: URL, error: unknown): unknown {
  if (error instanceof OperateError) return error;
  const isNetwork = error instanceof Error && (error.name === "TimeoutError" || error instanceof TypeError);
  return isNetwork || networkCode(error) !== "" ? noNetwork(asked, url.host, error) : error;
}
