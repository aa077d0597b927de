import { OperateError, systemCode } from "../error";
import { loginTo, type RegistryHost } from "./host";

/** What can go wrong with a question to a registry. No text of it has a credential in it. */
export type RegistryProblem =
  | "unknown-image"
  | "no-access"
  | "rate-limited"
  | "no-network"
  | "not-a-registry"
  | "registry-failed"
  | "unsupported-image"
  | "digest-mismatch"
  | "credential-helper"
  | "bad-docker-config";

/** What is asked for, and of whom. */
export interface RegistryRequest {
  /** The image, as the lock names it. */
  readonly image: string;
  readonly host: RegistryHost;
}

/** A problem with one image. */
export function problem(code: RegistryProblem, { image }: RegistryRequest, reason: string, fix: string): OperateError {
  return new OperateError({ code, path: image, reason, fix });
}

/** How systems, undici and OpenSSL name what happened to a connection: a clause about the host. */
const NETWORK: readonly (readonly [codes: RegExp, clause: string])[] = [
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/, "its name cannot be resolved"],
  [/^ECONNREFUSED$/, "it refuses the connection"],
  [/^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/, "it breaks off the connection"],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/, "no network leads there"],
  [/^(?:ETIMEDOUT|UND_ERR_\w*TIMEOUT|TimeoutError)$/, "it does not answer in time"],
  [/CERT|^ERR_TLS|^UNABLE_TO_|^HOSTNAME_MISMATCH$/, "its certificate is not trusted here"],
  [/^(?:EPROTO|ERR_SSL)/, "it speaks no TLS that is understood here"],
];

/** The network between this machine and a host failed. */
export function noNetwork(asked: RegistryRequest, hostname: string, error: unknown): OperateError {
  const code = networkCode(error);
  const clause = NETWORK.find(([codes]) => codes.test(code))?.[1] ?? "it cannot be reached";
  const reason = `${hostname} cannot be asked: ${clause}${code === "" ? "" : ` (${code})`}`;
  return problem("no-network", asked, reason, networkFix(clause));
}

/** The code of what happened below an error of `fetch`. */
export function networkCode(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return error.name;
  const cause = error instanceof Error ? error.cause : undefined;
  return systemCode(cause) ?? systemCode(error) ?? "";
}

function networkFix(clause: string): string {
  if (clause.includes("certificate"))
    return "name the file of its authority in NODE_EXTRA_CA_CERTS, and run this again";
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  const behindProxy = (HTTPS_PROXY ?? https_proxy ?? "") !== "" && (NODE_USE_ENV_PROXY ?? "") === "";
  if (behindProxy)
    return "set NODE_USE_ENV_PROXY=1, with which Node.js 24 uses the proxy in HTTPS_PROXY, and run this again";
  return "correct the name, or look at the network, and run this again";
}

/** What answered is no registry. */
export function notARegistry(asked: RegistryRequest, hostname: string, clause: string): OperateError {
  const fix = "correct the name; if it is right, look for a proxy or a log-in page between here and there";
  return problem("not-a-registry", asked, `${hostname} is not a registry: it ${clause}`, fix);
}

/** The registry does not let this user in. */
export function noAccess(asked: RegistryRequest, hasCredentials: boolean, note = ""): OperateError {
  const { host } = asked;
  const reason = hasCredentials
    ? `${host.name} refuses the credentials that are stored for it, or does not show this image to their owner`
    : `${host.name} does not show it without a log-in: it is private, or there is no such image`;
  return problem("no-access", asked, reason + note, `correct the name, or run \`${loginTo(host)}\``);
}
