import { IDENTITY_HEADERS } from "../facts/identity";
import { OLD_LTI_PREFIX } from "../facts/lti";
import { type Directive, directive, type Entry, type NamedMatcher, namedMatcher } from "./model";
import { uploadPolicy } from "./uploads";

/** What FastAPI serves about LAMB's two applications, the outer one and the one mounted at /lamb. */
const API_DESCRIPTION = ["", "/lamb"].flatMap((mount) =>
  ["/docs", "/docs/*", "/redoc", "/redoc/*", "/openapi.json"].map((page) => `${mount}${page}`),
);

/**
 * Spellings of a path that a service reads differently from a matcher of Caddy's: an empty or dot segment, and a slash or control character
 * behind an encoding. Looked for in the path as it was sent, not in the query; Caddy shows a backslash as `%5C`.
 */
const TWISTED_PATH = "(?i)^[^?]*(//|%(2f|0.|1.|7f)|(/|%5c)([.]|%2e){1,2}(/|%5c|[?]|$))";

/** The same behind further encodings, and a backslash. */
const TWICE_ENCODED = "(?i)^[^?]*(%5c|%25(25)*(2f|5c|0.|1.|7f)|/([.]|%(25)*2e){1,2}(/|[?]|$))";

/** Where LAMB and the knowledge base serve files that users uploaded. */
const UPLOADS = ["/static/public/*", "/lamb/static/public/*", "/docs/*", "/kb/static/*"];

/** Those of them that a file is read from as the path says. Behind permalinks LAMB asks the library with the path once more. */
const FILE_NAMES = "^((/lamb)?/static/public|/kb/static)/";

/** What the routes of LAMB's host lead to. */
export interface LambRoutes {
  readonly lamb: Directive;
  readonly kb: Directive;
  /** The way to LAMB for launches at their old addresses, if they come through. */
  readonly oldLti: Directive | undefined;
  /** Whether `X-User-Email` passes below `/lamb/v1/mcp`. */
  readonly mcp: boolean;
  /** Scheme and host that `/openwebui/…` leads to, if it does. */
  readonly oldOpenWebUi: string | undefined;
}

/** LAMB's host, below TLS and what it has in common with the other one. */
export function lambRoutes({ lamb, kb, oldLti, mcp, oldOpenWebUi }: LambRoutes): Entry[] {
  const outsideMcp = namedMatcher(
    "outside_mcp",
    [directive("not", ["path_regexp", "^/lamb/v1/mcp/"])],
    `MCP clients say by ${IDENTITY_HEADERS.email} who they are; nobody else does.`,
  );
  return [
    ...(mcp ? [outsideMcp, ...removeIdentity(outsideMcp)] : removeIdentity()),
    ...uploadPolicy(UPLOADS),
    ...refuse(
      namedMatcher(
        "twisted_path",
        [directive("vars_regexp", ["{http.request.uri}", TWISTED_PATH])],
        "No page has such a path; services and matchers read it differently.",
      ),
      "400",
    ),
    ...refuse(
      namedMatcher(
        "encoded_twice",
        [
          directive("vars_regexp", ["{http.request.uri}", TWICE_ENCODED]),
          directive("not", ["vars_regexp", "{http.request.uri}", FILE_NAMES]),
        ],
        "Nor one that hides such a spelling behind further encodings. A file's name can: its percent signs are its own.",
      ),
      "400",
    ),
    ...refuse(
      namedMatcher(
        "api_description",
        [directive("path", API_DESCRIPTION), directive("not", ["path_regexp", "^/docs/[^/]+/[^/]+/[^/]+/"])],
        "The description of the API is not public. Permalinks, /docs/<organization>/<library>/<item>/…, are.",
      ),
      "404",
    ),
    ...filesOfTheKnowledgeBase(kb),
    ...(oldOpenWebUi === undefined ? [] : redirectOldOpenWebUi(oldOpenWebUi)),
    ...(oldLti === undefined ? [] : launchesAtOldAddresses(oldLti)),
    directive("handle", [], {
      comment: "The rest is LAMB's, with its path as it is: LAMB itself lives below /lamb and /creator.",
      body: [lamb],
    }),
  ];
}

/**
 * Open WebUI signs in everybody whom `X-User-Email` and `X-User-Name` name, without a password, so no request from outside keeps
 * them, nor a spelling with underscores that a service may read as the same. A `*` stands for any rest; letter case does not count.
 * @param emailMatcher which requests lose `X-User-Email`. @default all
 */
export function removeIdentity(emailMatcher?: NamedMatcher): Directive[] {
  const email = directive("request_header", [`-${IDENTITY_HEADERS.email}`], {
    comment: "Whoever sends these is taken for the user that they name.",
    ...(emailMatcher === undefined ? {} : { matcher: emailMatcher }),
  });
  return [
    email,
    ...[`-${IDENTITY_HEADERS.name}`, "-X-User_*", "-X_User*"].map((field) => directive("request_header", [field])),
  ];
}

function filesOfTheKnowledgeBase(kb: Directive): Entry[] {
  const files = namedMatcher(
    "kb_files",
    [directive("path_regexp", ["^/kb/static/"])],
    "Links to files of the knowledge base; nothing else of it is public.",
  );
  const others = namedMatcher("kb_others", [directive("path", ["/kb", "/kb/*"])]);
  return [
    files,
    directive("handle", [], { matcher: files, body: [directive("uri", ["strip_prefix", "/kb"]), kb] }),
    ...refuse(others, "404"),
  ];
}

/** What LAMB must know to work out the address that was signed. */
export const OLD_LTI_HEADER: readonly Directive[] = [directive("header_up", ["X-Forwarded-Prefix", OLD_LTI_PREFIX])];

function launchesAtOldAddresses(lamb: Directive): Entry[] {
  const old = namedMatcher(
    "old_lti",
    [directive("path_regexp", [`^${OLD_LTI_PREFIX}/lamb/v1/lti(_creator)?/`])],
    "Launches of activities that were set up behind LAMB's earlier Caddyfile.",
  );
  return [
    old,
    directive("handle", [], { matcher: old, body: [directive("uri", ["strip_prefix", OLD_LTI_PREFIX]), lamb] }),
  ];
}

function redirectOldOpenWebUi(target: string): Entry[] {
  const old = namedMatcher(
    "old_openwebui",
    [directive("path", ["/openwebui", "/openwebui/*"])],
    "Where Open WebUI was before it had a host of its own.",
  );
  // Lines of a `route` keep their order; elsewhere Caddy redirects before it rewrites.
  const route = directive("route", [], {
    body: [directive("uri", ["strip_prefix", "/openwebui"]), directive("redir", [`${target}{uri}`, "308"])],
  });
  return [old, directive("handle", [], { matcher: old, body: [route] })];
}

function refuse(matcher: NamedMatcher, status: string): Entry[] {
  return [matcher, directive("handle", [], { matcher, body: [directive("respond", [status])] })];
}
