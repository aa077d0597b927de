import { checkDifferent, checkHost, checkToken } from "./check";
import { globalOptions, PUBLIC_FACE, publicFace, reverseProxy, withDefaultTimeouts } from "./face";
import { lambRoutes, removeIdentity } from "./lamb-site";
import { type Caddyfile, directive, renderCaddyfile } from "./model";
import type { LambCaddyfileOptions } from "./options";
import { tlsParts } from "./tls";

/**
 * The public face of a LAMB stack, as a Caddyfile: LAMB and Open WebUI, each on a host of its own. What passes is what the contract
 * (sections 3 to 5) shows to be needed; of the knowledge base only its files, of LAMB all but the description of its API.
 * @throws ConstructError `caddy-option` for an option that cannot be right.
 */
export function lambCaddyfile(options: LambCaddyfileOptions): Caddyfile {
  const lambHost = checkHost("lambHost", options.lambHost);
  const openWebUiHost = checkHost("openWebUiHost", options.openWebUiHost);
  checkDifferent("lambHost", "openWebUiHost", lambHost, openWebUiHost);
  const tls = tlsParts(options.tls);
  const timeouts = withDefaultTimeouts(options.timeouts);
  const to = (name: "lamb" | "openWebUi" | "kb", usual: string) =>
    reverseProxy(checkToken(`upstreams.${name}`, options.upstreams?.[name] ?? usual), timeouts);
  const face = directive("import", [PUBLIC_FACE]);
  return {
    globals: globalOptions(tls, timeouts),
    snippets: [publicFace(options, tls)],
    sites: [
      {
        comment: "LAMB: its pages, its API, LTI launches, permalinks, and the files of the knowledge base.",
        addresses: [`${tls.addressPrefix}${lambHost}`],
        body: [
          ...tls.lamb,
          face,
          ...lambRoutes({
            lamb: to("lamb", "lamb:9099"),
            kb: to("kb", "kb:9090"),
            mcp: options.mcp ?? false,
            oldOpenWebUi: (options.redirectOldOpenWebUi ?? true) ? `${tls.publicScheme}://${openWebUiHost}` : undefined,
          }),
        ],
      },
      {
        comment: "Open WebUI: the chats, with their websocket.",
        addresses: [`${tls.addressPrefix}${openWebUiHost}`],
        body: [...tls.openWebUi, face, ...removeIdentity(), to("openWebUi", "openwebui:8080")],
      },
    ],
  };
}

/** The text of {@link lambCaddyfile}, as `caddy fmt` formats it. */
export function renderLambCaddyfile(options: LambCaddyfileOptions): string {
  return renderCaddyfile(lambCaddyfile(options));
}
