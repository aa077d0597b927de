import type { Construct } from "constructs";
import { Artifact } from "../construct/artifact";
import { ComposeConstruct } from "../construct/compose-construct";
import { madeBy } from "../construct/made-by";
import { checkCount, checkPort } from "./caddy/check";
import { CaddyOverlay } from "./caddy-overlay";
import { IDENTITY_HEADERS } from "./facts/identity";
import { LARGEST_BODY } from "./facts/sizes";
import { LAMB_PUBLIC_HOST, OWI_PUBLIC_HOST } from "./variables";

/** What the proxy before Caddy must know. */
export interface OuterProxyProps {
  /**
   * The port of this host on which Caddy listens for plain HTTP.
   * @default 80
   */
  readonly port?: number | undefined;
  /**
   * Largest request body in bytes.
   * @default - as the Caddy of the stack has it
   */
  readonly maxBodyBytes?: number | undefined;
  /**
   * Folder of the files below the output directory.
   * @default "proxy"
   */
  readonly folder?: string | undefined;
}

interface Facts {
  readonly address: string;
  readonly bytes: number;
}

/** Headers by which Open WebUI and LAMB know a user. Caddy takes them away too: a proxy of one's own need not trust it. */
const IDENTITY = Object.values(IDENTITY_HEADERS);

/** Seconds until the first byte of an answer: an ingestion or an import takes minutes. */
const PATIENCE = 900;

/**
 * Settings for a proxy that ends TLS before a Caddy with `tls: { kind: "proxied" }`: nginx, Apache and Traefik. They go into
 * what the proxy has for the two host names, with its certificates.
 *
 * @example
 * ```ts
 * new CaddyOverlay(stack, "prod", { tls: { kind: "proxied", trustedProxies: ["private_ranges"] }, ports: { http: 8080 } });
 * new OuterProxy(stack, "proxy", { port: 8080 });
 * ```
 */
export class OuterProxy extends ComposeConstruct {
  constructor(scope: Construct, id: string, props: OuterProxyProps = {}) {
    super(scope, id);
    const { port = 80, maxBodyBytes, folder = "proxy" } = props;
    const address = `127.0.0.1:${checkPort("port", port)}`;
    if (maxBodyBytes !== undefined) checkCount("maxBodyBytes", maxBodyBytes, 1);
    for (const [name, textOf] of Object.entries(FILES)) {
      new Artifact(this, name, {
        fileName: `${folder}/${name}`,
        content: () => `# ${madeBy(this)}\n${textOf({ address, bytes: maxBodyBytes ?? largestBody(scope) })}`,
      });
    }
  }
}

/** What the Caddy of a stack lets through: of several the most, since each refuses by itself what is too much for it. */
function largestBody(stack: Construct): number {
  const caddies = stack.node.findAll().filter((construct) => CaddyOverlay.isCaddyOverlay(construct));
  return caddies.length === 0 ? LARGEST_BODY : Math.max(...caddies.map((caddy) => caddy.maxBodyBytes));
}

const FILES: Readonly<Record<string, (facts: Facts) => string>> = {
  "nginx.conf": nginx,
  "apache.conf": apache,
  "traefik.yaml": traefik,
};

function nginx({ address, bytes }: Facts): string {
  return `#
# Goes into the server block of LAMB and into that of Open WebUI, which have their names and certificates:
#   include /where/this/is/nginx.conf;

set $lamb_connection "";
if ($http_upgrade) {
    set $lamb_connection upgrade;
}

location / {
    proxy_pass http://${address};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;

    # Whoever sends these is taken for the user that they name: nobody from outside may.
${IDENTITY.map((name) => `    proxy_set_header ${name} "";`).join("\n")}

    # Chats are a websocket, and their answers come bit by bit.
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $lamb_connection;
    proxy_buffering off;
    proxy_request_buffering off;
    proxy_read_timeout ${PATIENCE}s;
    proxy_send_timeout ${PATIENCE}s;
    client_max_body_size ${bytes};
}
`;
}

function apache({ address, bytes }: Facts): string {
  return `#
# Goes into the VirtualHost of LAMB and into that of Open WebUI, which have their names and certificates:
#   Include /where/this/is/apache.conf
# Needs Apache 2.4.47 or newer, and: a2enmod headers proxy proxy_http

ProxyPreserveHost On
RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}

# Whoever sends these is taken for the user that they name: nobody from outside may.
${IDENTITY.map((name) => `RequestHeader unset ${name} early`).join("\n")}

# Chats are a websocket, and their answers come bit by bit. Names of files keep what they have.
AllowEncodedSlashes NoDecode
ProxyPass / http://${address}/ upgrade=websocket flushpackets=on nocanon timeout=${PATIENCE}
LimitRequestBody ${bytes}
`;
}

function traefik({ address }: Facts): string {
  const hosts = [LAMB_PUBLIC_HOST, OWI_PUBLIC_HOST].map(({ name }) => `Host(\`{{ env "${name}" }}\`)`).join(" || ");
  return `#
# Goes into the folder of Traefik's file provider. Give Traefik the two names, as .env has them: ${LAMB_PUBLIC_HOST.name}
# and ${OWI_PUBLIC_HOST.name}. What is called websecure is its entry point for HTTPS.
#
# Traefik ends an upload that takes longer than a minute, unless its static settings give the entry point more time:
#   entryPoints.websecure.transport.respondingTimeouts.readTimeout: ${PATIENCE}s

http:
  routers:
    lamb:
      rule: '${hosts}'
      entryPoints: [websecure]
      middlewares: [lamb-identity]
      service: lamb
      tls: {}
  middlewares:
    lamb-identity:
      headers:
        # Whoever sends these is taken for the user that they name: nobody from outside may.
        customRequestHeaders:
${IDENTITY.map((name) => `          ${name}: ""`).join("\n")}
  services:
    lamb:
      loadBalancer:
        servers:
          - url: http://${address}
`;
}
