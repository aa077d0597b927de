import { KB } from "../facts/kb";
import { LAMB } from "../facts/lamb";
import { OPEN_WEBUI } from "../facts/open-webui";
import type { ServiceFacts } from "../facts/service";
import { checkDifferent, checkHost, checkToken } from "./check";
import { lambRoutes, OLD_LTI_PREFIX } from "./lamb-site";
import { type Caddyfile, type Directive, renderCaddyfile } from "./model";
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
    globals: globalOptions(tls, timeouts),
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
            oldLti: options.oldLti === true ? to("lamb", LAMB, OLD_LTI_PREFIX) : undefined,
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
    ],
  };
}

/** The text of {@link lambCaddyfile}, as `caddy fmt` formats it. */
export function renderLambCaddyfile(options: LambCaddyfileOptions): string {
  return renderCaddyfile(lambCaddyfile(options));
}
