import { IDENTITY_HEADERS } from "../../lamb/facts/identity";
import { KB } from "../../lamb/facts/kb";
import { OPEN_WEBUI } from "../../lamb/facts/open-webui";
import type { Finding } from "../../report/finding";
import type { AuditedFile } from "./audit";
import { type CaddyNode, contentsOf, type Placed, readCaddyfile, room } from "./caddyfile-text";

/** A site of a Caddyfile. */
interface Site {
  readonly node: CaddyNode;
  readonly contents: readonly Placed[];
  /** Named matchers: `@files` → its words. */
  readonly matchers: ReadonlyMap<string, string>;
}

/** A kind of defect: what it is, and where a site has it. */
interface Defect {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly reason: string;
  readonly fix: string;
  readonly lines: (site: Site) => readonly number[];
}

const IDENTITY = Object.values(IDENTITY_HEADERS);
const API_DESCRIPTION = "/openapi.json";

/** Known defects of a public face. */
const DEFECTS: readonly Defect[] = [
  {
    code: "caddy-lamb-stripped",
    severity: "error",
    reason: "removes /lamb from the path, and LAMB's API is below /lamb: launches, completions and MCP answer 404",
    fix: "pass the path unchanged",
    lines: ({ contents }) =>
      contents.flatMap(({ node }) => {
        const [name, ...rest] = node.words;
        const strips = name === "uri" && rest.includes("strip_prefix") && /^\/lamb\/?$/.test(rest.at(-1) ?? "");
        return strips || (name === "handle_path" && /^\/lamb\//.test(rest[0] ?? "")) ? [node.line] : [];
      }),
  },
  {
    code: "caddy-identity-headers",
    severity: "error",
    reason: `lets ${IDENTITY.join(" and ")} through to Open WebUI, which signs in everybody who sends them as that user`,
    fix: `add ${IDENTITY.map((name) => `request_header -${name}`).join(" and ")}`,
    lines: (site) => (proxiesTo(site, OPEN_WEBUI.name).length > 0 && !removesIdentity(site) ? [site.node.line] : []),
  },
  {
    code: "caddy-kb-published",
    severity: "error",
    reason: "publishes the whole API of the knowledge base, where only the files below /kb/static are for browsers",
    fix: "proxy /kb/static/* only, and answer 404 for the rest of /kb",
    lines: (site) =>
      proxiesTo(site, KB.name)
        .filter((placed) => !pathsAround(site, placed).some((path) => path.includes("/kb/static")))
        .map(({ node }) => node.line),
  },
  {
    code: "caddy-old-redirect",
    severity: "warning",
    reason: "redirects /openwebui/… with its prefix, which the other host does not have",
    fix: "remove the prefix before the redirect: uri strip_prefix /openwebui",
    lines: (site) =>
      site.contents.flatMap((placed) => {
        const { node, within } = placed;
        const redirects = node.words[0] === "redir" && node.words.some((word) => word.includes("{uri}"));
        if (!redirects || !pathsAround(site, placed).some((path) => path.includes("/openwebui"))) return [];
        const block = within.at(-1)?.children ?? [];
        const stripped =
          within.some(({ words }) => words[0] === "handle_path") ||
          block.some(({ words }) => words[0] === "uri" && words.includes("/openwebui"));
        return stripped ? [] : [node.line];
      }),
  },
  {
    code: "caddy-dead-route",
    severity: "warning",
    reason: "has a route for /api, below which LAMB has nothing",
    fix: "remove the route",
    lines: (site) =>
      proxiesTo(site, "lamb").flatMap(({ node, within }) =>
        [...within, node].some(({ words }) => words.includes("/api/*")) ? [node.line] : [],
      ),
  },
  {
    code: "caddy-api-description",
    severity: "warning",
    reason: "publishes the description of LAMB's API, and pages that try it out",
    fix: "answer 404 for /openapi.json, /docs and /redoc, but not for permalinks below /docs/",
    lines: (site) => {
      const answers = [...site.matchers.values(), ...site.contents.map(({ node }) => node.words.join(" "))];
      const isHidden = answers.some((words) => words.split(" ").includes(API_DESCRIPTION));
      return proxiesTo(site, "lamb").length > 0 && !isHidden ? [site.node.line] : [];
    },
  },
  {
    code: "caddy-no-security-headers",
    severity: "warning",
    reason: "sends no Strict-Transport-Security or no X-Content-Type-Options",
    fix: "add them with the `header` directive",
    lines: (site) => {
      const words = new Set(headerWords(site));
      const names = isPlain(site.node)
        ? ["x-content-type-options"]
        : ["strict-transport-security", "x-content-type-options"];
      return isProxy(site) && !names.every((name) => words.has(name)) ? [site.node.line] : [];
    },
  },
  {
    code: "caddy-no-limits",
    severity: "warning",
    reason: "accepts requests of any size",
    fix: "set request_body with max_size to the largest upload",
    lines: (site) => {
      const limits = site.contents.some(({ node, within }) => {
        const inBody = [...within, node].some(({ words }) => words[0] === "request_body");
        return inBody && node.words.includes("max_size");
      });
      return isProxy(site) && !limits ? [site.node.line] : [];
    },
  },
];

/**
 * The defects of a Caddyfile for LAMB.
 *
 * @throws ConstructError `too-deep`, `too-large`
 */
export function* caddyfileFindings({ path, text }: AuditedFile): Generator<Finding> {
  const blocks = readCaddyfile(text);
  const space = room();
  const snippets = new Map(
    blocks.flatMap((node) => {
      const name = /^\((.+)\)$/.exec(node.words[0] ?? "")?.[1];
      return name === undefined ? [] : [[name, node] as const];
    }),
  );
  const sites = blocks.filter(({ words }) => words.length > 0 && !/^\(.+\)$/.test(words[0] ?? "")).map(siteOf);
  for (const { code, severity, reason, fix, lines } of DEFECTS) {
    for (const line of sites.flatMap(lines)) {
      yield { code, severity, construct: "", file: path, path: `line ${line}`, reason, fix };
    }
  }

  function siteOf(node: CaddyNode): Site {
    const contents = contentsOf(node, snippets, space);
    const matchers = contents.flatMap(({ node: { words, children } }) => {
      const [name = "", ...rest] = words;
      const all = [...rest, ...children.flatMap((child) => child.words)];
      return name.startsWith("@") ? [[name, all.join(" ")] as const] : [];
    });
    return { node, contents, matchers: new Map(matchers) };
  }
}

function isProxy({ contents }: Site): boolean {
  return contents.some(({ node }) => node.words[0] === "reverse_proxy");
}

/** Where a site passes requests on to a service. */
function proxiesTo({ contents }: Site, service: string): readonly Placed[] {
  const upstream = new RegExp(`^(https?://)?${service}(:|/|$)`);
  return contents.filter(({ node }) => {
    const [name, ...rest] = node.words;
    if (name !== "reverse_proxy") return false;
    const named = node.children.flatMap(({ words }) => (words[0] === "to" ? words.slice(1) : []));
    return [...rest, ...named].some((word) => upstream.test(word));
  });
}

/** The matchers that a request has met where a directive stands, named ones written out. */
function pathsAround({ matchers }: Site, { node, within }: Placed): readonly string[] {
  return [...within, node].flatMap(({ words }) => words.slice(1).map((word) => matchers.get(word) ?? word));
}

function removesIdentity({ contents }: Site): boolean {
  const removed = new Set(
    contents.flatMap(({ node, within }) => {
      const [name = "", header = ""] = node.words;
      const always = within.every(({ words }) => words[0] !== "handle" && words[0] !== "route") || name === "header_up";
      return always && (name === "request_header" || name === "header_up") ? [header.toLowerCase()] : [];
    }),
  );
  return IDENTITY.every((name) => removed.has(`-${name.toLowerCase()}`) || removed.has("-x-user-*"));
}

/** Names of the headers that a site's answers get. */
function headerWords({ contents }: Site): readonly string[] {
  return contents.flatMap(({ node, within }) => {
    const inHeader = [...within, node].some(({ words }) => words[0] === "header");
    return inHeader ? node.words.map((word) => word.toLowerCase().replace(/^[+?>]/, "")) : [];
  });
}

/** A site without TLS: another proxy before it has it. */
function isPlain({ words }: CaddyNode): boolean {
  return words.every((word) => /^(http:\/\/|:80\b)/.test(word));
}
