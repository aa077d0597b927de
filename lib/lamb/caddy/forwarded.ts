import { type Directive, directive } from "./model";
import type { TlsParts } from "./tls";

/**
 * Headers by which proxies say for whom they ask. Whoever is outside can write them, in any of these spellings; a service
 * is told by Caddy alone. The first stands for all that are written `X-Forwarded-…`, the second and third for the
 * spellings with underscores that a service may read as the same.
 */
const OF_PROXIES = [
  "X-Forwarded-*",
  "X-Forwarded_*",
  "X_Forwarded*",
  "Forwarded",
  "X-Real-*",
  "X_Real*",
  "X-Client-*",
  "X-Cluster-Client-*",
  "X-Original-*",
  "X-Rewrite-URL",
  "True-Client-*",
  "CF-Connecting-*",
  "Fastly-Client-*",
  "Via",
];

/** Takes away what a request says of its way. Caddy has read by then what a trusted proxy says of its client. */
export function forgetForwarded(): Directive[] {
  const comment = "Who asks, by which host and scheme, Caddy tells the services itself: these come from outside.";
  return OF_PROXIES.map((field, position) =>
    directive("request_header", [`-${field}`], position === 0 ? { comment } : {}),
  );
}

/** Lines of a `reverse_proxy`: one address of the client, and the scheme that browsers use. Caddy adds the host itself. */
export function tellForwarded({ addressPrefix, publicScheme }: TlsParts): Directive[] {
  const client = directive("header_up", ["X-Forwarded-For", "{client_ip}"]);
  if (addressPrefix === "") return [client];
  return [client, directive("header_up", ["X-Forwarded-Proto", publicScheme])];
}
