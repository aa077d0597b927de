import { objectIn } from "../../spec/json";
import { refusal } from "./answer";
import { type Challenge, challengesIn } from "./challenge";
import type { CredentialStore } from "./credentials";
import { type Credentials, isToken } from "./docker-config";
import { isSafe, type RegistryHost } from "./host";
import { noAccess, notARegistry, type RegistryRequest } from "./problems";
import { type Reply, type Request, type RetryPolicy, send } from "./send";

/** How a repository is asked from now on. */
export interface Authorization {
  /** The value of the header. */
  readonly value: string;
  readonly hasCredentials: boolean;
}

const CLIENT = "lamb-compose";

/**
 * Answers a registry that wants to know who asks: with a password, or with a token that its token service gives for
 * one, or to anybody.
 *
 * @param path the repository
 * @throws OperateError `no-access`, and those of the credential store and of {@link send}
 */
export async function authorize(
  asked: RegistryRequest,
  path: string,
  refused: Reply,
  store: CredentialStore,
  retryPolicy: RetryPolicy,
): Promise<Authorization> {
  const { host } = asked;
  const challenges = challengesIn(refused.headers.get("www-authenticate") ?? "");
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer !== undefined) return tokenFor(asked, path, bearer, store, retryPolicy);
  const credentials = await store.of(asked, host);
  if (credentials?.kind === "bearer") return { value: `Bearer ${credentials.token}`, hasCredentials: true };
  const isBasic = challenges.some(({ scheme }) => scheme === "basic");
  if (!isBasic || credentials?.kind !== "password") throw noAccess(asked, credentials !== undefined);
  return { value: basic(credentials), hasCredentials: true };
}

async function tokenFor(
  asked: RegistryRequest,
  path: string,
  { parameters }: Challenge,
  store: CredentialStore,
  retryPolicy: RetryPolicy,
): Promise<Authorization> {
  const { host } = asked;
  const realm = parameters.get("realm") ?? "";
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !isSafe(url, host)) {
    throw notARegistry(asked, host.name, "names a token service at an address that is not safe");
  }
  url.username = "";
  url.password = "";
  const isOwn = isTokenService(url, host);
  const own = await store.of(asked, host);
  if (own?.kind === "bearer") return { value: `Bearer ${own.token}`, hasCredentials: true };
  // Not even what is stored for the foreign host itself: the token would be shown to this registry.
  const credentials = isOwn ? own : undefined;
  // Never the scope that the registry names: a token may allow what was asked here, and no more.
  const wanted = new URLSearchParams({ scope: `repository:${path}:pull` });
  const service = parameters.get("service");
  if (service !== undefined) wanted.set("service", service);
  const reply = await send(asked, tokenRequest(url, wanted, credentials), retryPolicy);
  if (reply.status === 404) throw notARegistry(asked, reply.hostname, "has no token service where it says");
  if ((reply.status === 401 || reply.status === 403) && !isOwn && own !== undefined) {
    throw noAccess(asked, false, noteOn(url.host, host));
  }
  const refused = refusal(asked, reply, credentials !== undefined);
  if (refused !== undefined) throw refused;
  const token = tokenIn(reply.text());
  if (token === undefined || !isToken(token)) {
    throw notARegistry(asked, reply.hostname, "gives no token that can be read");
  }
  return { value: `Bearer ${token}`, hasCredentials: credentials !== undefined };
}

function tokenRequest(url: URL, wanted: URLSearchParams, credentials: Credentials | undefined): Request {
  if (credentials?.kind === "identity") {
    const form = new URLSearchParams(wanted);
    form.set("grant_type", "refresh_token");
    form.set("client_id", CLIENT);
    form.set("refresh_token", credentials.token);
    return { url, method: "POST", headers: {}, form };
  }
  for (const [name, value] of wanted) url.searchParams.set(name, value);
  const authorization = credentials?.kind === "password" ? basic(credentials) : undefined;
  return { url, method: "GET", headers: {}, authorization };
}

/** Below these, names are for anybody: `co.uk`, `edu.es`. Two hosts there have nothing in common. */
const SOLD_TO_ALL = /^(?:ac|co|com|edu|go|gob|gov|gv|k12|mil|ne|net|nom|or|org|sch)\.[a-z]{2}$/;

/**
 * Whether a registry's credentials are for a token service, too: it is the same host and port, or known to belong to the
 * registry, or both are with TLS on the usual port in the same domain.
 *
 * Docker's own client sends them to whatever host the registry names, at `docker login` for the first time. That much
 * trust is not needed: a registry that was taken over could have them sent anywhere. But GitLab, as many universities run
 * it, gives out the tokens of `registry.uni.example` at `gitlab.uni.example`, and has no image for who is not let in
 * there; the domain is one owner's. On another port of the same host somebody else may listen: that gets none.
 */
export function isTokenService(url: URL, host: RegistryHost): boolean {
  const { origin, hostname: own, port } = new URL(host.origin);
  if (url.origin === origin) return true;
  if (url.protocol !== "https:" || url.port !== "") return false;
  const { hostname } = url;
  if (host.tokenHosts.includes(hostname)) return true;
  if (port !== "" || !origin.startsWith("https:") || /^[\d.]+$|:/.test(own)) return false;
  const domain = own.split(".").slice(1).join(".");
  const isOwned = domain.includes(".") && !SOLD_TO_ALL.test(domain);
  const domains = [own, ...(isOwned ? [domain] : [])];
  return domains.some((parent) => hostname === parent || hostname.endsWith(`.${parent}`));
}

function noteOn(tokenHost: string, { name }: RegistryHost): string {
  return `; its tokens come from ${tokenHost}, to which the credentials for ${name} are not sent: it does not belong to ${name}`;
}

function tokenIn(text: string): string | undefined {
  const data = objectIn(text);
  const token = data?.token ?? data?.access_token;
  return typeof token === "string" ? token : undefined;
}

function basic({ user, password }: Extract<Credentials, { kind: "password" }>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
