import { removeIdentity } from "./lamb-site";
import { type Directive, directive, type Entry, namedMatcher } from "./model";
import { uploadPolicy } from "./uploads";

/** Where Open WebUI serves files that people gave it. */
const UPLOADS = ["/cache/*", "/api/v1/files/*"];

/** What the routes of Open WebUI's host lead to. */
export interface OpenWebUiRoutes {
  readonly openWebUi: Directive;
  /** Scheme and host of LAMB. */
  readonly lamb: string;
}

/** Open WebUI's host, below TLS and what it has in common with the other one. */
export function openWebUiRoutes({ openWebUi, lamb }: OpenWebUiRoutes): Entry[] {
  return [...removeIdentity(), ...uploadPolicy(UPLOADS), ...signedOut(lamb), ...forgedSignIn(), openWebUi];
}

/**
 * The page that ends a sign-in writes its token into a script as it came. Caddy and the service read a query with two
 * tokens, a bad escape or a semicolon differently: so all of it must be one token, as it was sent. The path is a prefix
 * because the service's router takes a line feed at the end for nothing.
 */
function forgedSignIn(): Entry[] {
  const forged = namedMatcher(
    "forged",
    [
      directive("path", ["/api/v1/auths/complete*"]),
      directive("not", ["vars_regexp", "{http.request.uri.query}", "^token=[A-Za-z0-9._-]+$"]),
    ],
    "The page that ends a sign-in writes the token into a script: nothing but a token may come.",
  );
  return [forged, directive("handle", [], { matcher: forged, body: [directive("respond", ["400"])] })];
}

/** Who signs out, or comes without a session, would wait forever for a header that only LAMB sends. */
function signedOut(lamb: string): Entry[] {
  const signedOut = namedMatcher(
    "signed_out",
    [directive("method", ["GET", "HEAD"]), directive("path", ["/auth", "/auth/"])],
    "People sign in through LAMB: Open WebUI's own page for it would wait forever.",
  );
  return [signedOut, directive("redir", [`${lamb}/`, "302"], { matcher: signedOut })];
}
