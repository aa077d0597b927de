import type { CaddyTls } from "./tls";

/** Where Caddy finds the services: `host:port` on the stack's network. */
export interface LambUpstreams {
  /** @default "lamb:9099" */
  readonly lamb?: string | undefined;
  /** @default "openwebui:8080" */
  readonly openWebUi?: string | undefined;
  /** @default "kb:9090" */
  readonly kb?: string | undefined;
}

/** Ports on which Caddy listens, in its container as on the host. */
export interface CaddyPorts {
  /** For plain HTTP. @default 80 */
  readonly http?: number | undefined;
  /** For HTTPS. @default 443 */
  readonly https?: number | undefined;
}

/** How long Caddy waits. Durations as Caddy reads them, such as `10s` or `1h30m`. Neither an upload nor a stream has a limit as a whole. */
export interface CaddyTimeouts {
  /** For a request's headers. @default "10s" */
  readonly readHeader?: string | undefined;
  /** For the next request on an open connection. @default "5m" */
  readonly idle?: string | undefined;
  /** For a connection to a service. @default "5s" */
  readonly dial?: string | undefined;
  /** For a service that restarts: requests wait, and then get a page that says so. @default "60s" */
  readonly hold?: string | undefined;
  /** For the first byte of a service's answer, after the request has been passed on as a whole. @default "15m": an ingestion may take 6 minutes, an import 10 */
  readonly firstByte?: string | undefined;
  /** For open requests when Caddy stops; to be shorter than the container's `stop_grace_period`. @default "20s" */
  readonly grace?: string | undefined;
  /** For open websockets when the configuration is loaded again. @default "5m" */
  readonly reload?: string | undefined;
}

/** What `lambCaddyfile` needs to know. Texts may hold Caddy's placeholders, such as `{$LAMB_PUBLIC_HOST}`. */
export interface LambCaddyfileOptions {
  /** LAMB's public host name. */
  readonly lambHost: string;
  /** Open WebUI's public host name; not the same as LAMB's. */
  readonly openWebUiHost: string;
  readonly tls: CaddyTls;
  /** Ports for plain HTTP and for HTTPS, where browsers come to other ones: hosts then say theirs, as in `lamb.example.org:8443`. @default 80 and 443 */
  readonly ports?: CaddyPorts | undefined;
  readonly upstreams?: LambUpstreams | undefined;
  /**
   * Whether MCP clients from outside reach LAMB. They name the user in `X-User-Email`, which is then let through below `/lamb/v1/mcp`
   * and nowhere else; everybody who has `LTI_SECRET` can then act as any user. @default false
   */
  readonly mcp?: boolean | undefined;
  /** Largest request body in bytes. @default 501 MiB: library-manager's largest upload, 500 MiB, and room for its form */
  readonly maxBodyBytes?: number | undefined;
  readonly timeouts?: CaddyTimeouts | undefined;
  /**
   * Who may show the two hosts in a frame, as sources of CSP `frame-ancestors`. An LMS opens LTI activities in a frame, so the
   * default is wide; name the LMS to close it: `["'self'", "https://moodle.example.org"]`.
   * @default `'self'` and every `https:` page (and `http:`, if browsers come by HTTP)
   */
  readonly frameAncestors?: readonly string[] | undefined;
  /** Seconds for which browsers come back by HTTPS only, or false. @default a year with `acme` and `certificate`; false with `internal` and `proxied` */
  readonly hstsSeconds?: number | false | undefined;
  /** Whether `/openwebui/…`, where Open WebUI was before it had its own host, leads there. @default true */
  readonly redirectOldOpenWebUi?: boolean | undefined;
  /**
   * Whether launches come through at `/lamb/lamb/v1/lti/…`, the addresses that LAMB's earlier Caddyfile made of its own: an LMS that was
   * set up then has them, and signs them, so that nothing can lead it elsewhere. For the time until the activities have the new address,
   * `/lamb/v1/lti/…`. @default false
   */
  readonly oldLti?: boolean | undefined;
}
