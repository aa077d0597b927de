import { KB } from "../facts/kb";
import { LAMB } from "../facts/lamb";
import { OPEN_WEBUI } from "../facts/open-webui";
import type { ServiceFacts } from "../facts/service";
import { checkDifferent, checkHost, checkToken } from "./check";
import { lambRoutes, OLD_LTI_HEADER } from "./lamb-site";
import { type Caddyfile, type Directive, directive, renderCaddyfile, type Site } from "./model";
import { openWebUiRoutes } from "./open-webui-site";
import type { LambCaddyfileOptions } from "./options";
import { globalOptions, importFace, publicFace, reverseProxy, withDefaultTimeouts } from "./site-common";
import { tlsParts } from "./tls";

/**
 * The public face of a LAMB stack, as a Caddyfile: LAMB and Open WebUI, each on a host of its own. What passes is what is
 * needed; of the knowledge base only its files, of LAMB all but the description of its API.
 * @throws ConstructError `caddy-option` for an option that cannot be right.
 */
export function lambCaddyfile(options: LambCaddyfileOptions): Caddyfile {
  const lambHost = checkHost("lambHost", options.lambHost);
  const openWebUiHost = checkHost("openWebUiHost", options.openWebUiHost);
  checkDifferent("lambHost", "openWebUiHost", lambHost, openWebUiHost);
  const tls = tlsParts(options.tls);
  const timeouts = withDefaultTimeouts(options.timeouts);
  const to = (name: "lamb" | "openWebUi" | "kb", facts: ServiceFacts, more: readonly Directive[] = []) => {
    const usual = `${facts.name}:${facts.port}`;
    return reverseProxy(checkToken(`upstreams.${name}`, options.upstreams?.[name] ?? usual), tls, timeouts, more);
  };
  return {
    globals: globalOptions(tls, timeouts, options.ports),
    snippets: publicFace(options, tls),
    sites: [
      {
        comment: "LAMB: its pages, its API, LTI launches, permalinks, and the files of the knowledge base.",
        addresses: [`${tls.addressPrefix}${lambHost}`],
        body: [
          ...tls.lamb,
          importFace,
          ...lambRoutes({
            lamb: to("lamb", LAMB),
            oldLti: options.oldLti === true ? to("lamb", LAMB, OLD_LTI_HEADER) : undefined,
            kb: to("kb", KB),
            mcp: options.mcp ?? false,
            oldOpenWebUi: (options.redirectOldOpenWebUi ?? true) ? `${tls.publicScheme}://${openWebUiHost}` : undefined,
          }),
        ],
      },
      {
        comment: "Open WebUI: the chats, with their websocket.",
        addresses: [`${tls.addressPrefix}${openWebUiHost}`],
        body: [
          ...tls.openWebUi,
          importFace,
          ...openWebUiRoutes({
            openWebUi: to("openWebUi", OPEN_WEBUI),
            lamb: `${tls.publicScheme}://${lambHost}`,
          }),
        ],
      },
      ...(tls.addressPrefix === "" ? fromPlainHttp([lambHost, openWebUiHost]) : []),
    ],
  };
}

/** Caddy leads from HTTP to HTTPS by itself, but without a port: it takes the one that stands in its options for 443. */
function fromPlainHttp(hosts: readonly string[]): Site[] {
  const byName = new Map<string, string>();
  for (const host of hosts) {
    const name = host.replace(/:\d+$/, "");
    if (!byName.has(name)) byName.set(name, host);
  }
  const hasPorts = hosts.some((host) => !byName.has(host));
  return [...(hasPorts ? byName : [])].map(([name, host]) => ({
    comment: "Plain HTTP leads to HTTPS.",
    addresses: [`http://${name}`],
    body: [directive("redir", [`https://${host}{uri}`, "308"])],
  }));
}

/** The text of {@link lambCaddyfile}, as `caddy fmt` formats it. */
export function renderLambCaddyfile(options: LambCaddyfileOptions): string {
  return renderCaddyfile(lambCaddyfile(options));
}
