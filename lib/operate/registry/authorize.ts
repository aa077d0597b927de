import { refusal } from "./answer";
import { type Challenge, challengesIn } from "./challenge";
import type { CredentialStore } from "./credentials";
import { type Credentials, isToken } from "./docker-config";
import { isSafe, type RegistryHost, registryHost } from "./host";
import { noAccess, notARegistry, type Question } from "./problems";
import { type Patience, type Reply, type Request, send } from "./send";

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
  question: Question,
  path: string,
  refused: Reply,
  store: CredentialStore,
  patience: Patience,
): Promise<Authorization> {
  const { host } = question;
  const challenges = challengesIn(refused.headers.get("www-authenticate") ?? "");
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer !== undefined) return tokenFor(question, path, bearer, store, patience);
  const credentials = await store.of(question, host);
  if (credentials?.kind === "bearer") return { value: `Bearer ${credentials.token}`, hasCredentials: true };
  const isBasic = challenges.some(({ scheme }) => scheme === "basic");
  if (!isBasic || credentials?.kind !== "password") throw noAccess(question, credentials !== undefined);
  return { value: basic(credentials), hasCredentials: true };
}

async function tokenFor(
  question: Question,
  path: string,
  { parameters }: Challenge,
  store: CredentialStore,
  patience: Patience,
): Promise<Authorization> {
  const { host } = question;
  const realm = parameters.get("realm") ?? "";
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !isSafe(url, host)) {
    throw notARegistry(question, host.name, "names a token service at an address that is not safe");
  }
  url.username = "";
  url.password = "";
  const isOwn = isTokenHost(url.hostname, host);
  const own = await store.of(question, host);
  if (own?.kind === "bearer") return { value: `Bearer ${own.token}`, hasCredentials: true };
  const credentials = isOwn ? own : await store.of(question, registryHost(url.host));
  const scope = parameters.get("scope") ?? `repository:${path}:pull`;
  const wanted = new URLSearchParams({ scope });
  const service = parameters.get("service");
  if (service !== undefined) wanted.set("service", service);
  const reply = await send(question, tokenRequest(url, wanted, credentials), patience);
  if (reply.status === 404) throw notARegistry(question, reply.hostname, "has no token service where it says");
  if ((reply.status === 401 || reply.status === 403) && !isOwn && own !== undefined) {
    throw noAccess(question, false, noteOn(url.host, host));
  }
  const refused = refusal(question, reply, credentials !== undefined);
  if (refused !== undefined) throw refused;
  const token = tokenIn(reply.text());
  if (token === undefined || !isToken(token)) {
    throw notARegistry(question, reply.hostname, "gives no token that can be read");
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

/**
 * Whether a registry's credentials are for a token service, too: it is on the same host or in the same domain, as
 * `gitlab.uni.example` is for `registry.uni.example`, or known to belong to it. A registry that could name any host could have
 * them sent anywhere.
 */
function isTokenHost(hostname: string, host: RegistryHost): boolean {
  const own = new URL(host.origin).hostname;
  if (hostname === own || host.tokenHosts.includes(hostname)) return true;
  if (/^[\d.]+$|:/.test(own)) return false;
  const domain = own.split(".").slice(1).join(".");
  const domains = [own, ...(domain.includes(".") ? [domain] : [])];
  return domains.some((parent) => hostname === parent || hostname.endsWith(`.${parent}`));
}

function noteOn(tokenHost: string, { name }: RegistryHost): string {
  return `; its tokens come from ${tokenHost}, to which the credentials for ${name} are not sent: \`docker login ${tokenHost}\` would store some for it`;
}

function tokenIn(text: string): string | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null) return undefined;
  const token: unknown = Reflect.get(data, "token") ?? Reflect.get(data, "access_token");
  return typeof token === "string" ? token : undefined;
}

function basic({ user, password }: Extract<Credentials, { kind: "password" }>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
