import { isObject, objectIn } from "../../spec/json";
import type { OperateError } from "../error";
import { loginTo } from "./host";
import { noAccess, notARegistry, problem, type RegistryRequest } from "./problems";
import type { Reply } from "./send";

const MINUTE = 60;

/** What there is to say of an answer that is not the wanted one. `undefined` for one that is. */
export function refusal(asked: RegistryRequest, reply: Reply, hasCredentials: boolean): OperateError | undefined {
  const { status, headers, hostname } = reply;
  const isHtml = /^text\/html\b/i.test(headers.get("content-type") ?? "");
  if (status === 429) return rateLimited(asked, headers.get("retry-after"), hasCredentials);
  if (status >= 500) {
    const reason = `${hostname} fails with the status ${status}`;
    return problem("registry-failed", asked, reason, "wait a little, and run this again");
  }
  if (isHtml) return notARegistry(asked, hostname, "answers with a web page");
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403) return noAccess(asked, hasCredentials);
  if (status === 404) return unknownImage(asked, codesIn(reply.text()));
  return notARegistry(asked, hostname, `answers with the status ${status}`);
}

function unknownImage(asked: RegistryRequest, codes: readonly string[]): OperateError {
  const { name } = asked.host;
  const reason = codes.includes("NAME_UNKNOWN")
    ? `${name} has no such repository`
    : codes.includes("MANIFEST_UNKNOWN")
      ? `${name} has the repository, and not this tag or digest`
      : `${name} has no such image`;
  return problem("unknown-image", asked, reason, "correct the name or the tag, or publish the image first");
}

function rateLimited(asked: RegistryRequest, retryAfter: string | null, hasCredentials: boolean): OperateError {
  const { host } = asked;
  const when = waitFor(retryAfter);
  const reason = `${host.name} accepts no more requests for now${when === undefined ? "" : `, and says to wait ${when}`}`;
  const login = hasCredentials ? "" : `, or run \`${loginTo(host)}\`: a logged-in user may ask more`;
  return problem("rate-limited", asked, reason, `wait${when === undefined ? "" : ` ${when}`}${login}`);
}

/** A `Retry-After`, in seconds or as a date, in words. */
function waitFor(retryAfter: string | null): string | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  const whole = Math.max(1, Math.ceil(seconds));
  return whole < 2 * MINUTE ? `${whole} s` : `${Math.ceil(whole / MINUTE)} min`;
}

/** The codes of a registry's errors. Its own words are not shown: nobody knows what is in them. */
function codesIn(text: string): readonly string[] {
  const errors = objectIn(text)?.errors;
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => (isObject(error) && typeof error.code === "string" ? [error.code] : []));
}
