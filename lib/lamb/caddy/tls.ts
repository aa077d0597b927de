import { ConstructError } from "../../construct/errors";
import { checkAddress, checkRange, checkToken } from "./check";
import { type Directive, directive } from "./model";

/** A certificate and its key, as files in Caddy's container. */
export interface CertificateFiles {
  /** Path of the PEM file with the certificate and its chain, such as `/certs/fullchain.pem`. */
  readonly certificate: string;
  /** Path of the PEM file with the private key. */
  readonly key: string;
}

/** Where Caddy asks for certificates when no authority is named. */
export const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

/** Certificates from an authority that speaks ACME: Let's Encrypt, or a university's own by `directory` and `account`. */
export interface AcmeTls {
  readonly kind: "acme";
  /** Where the authority writes about certificates that expire. */
  readonly email: string;
  /** URL of the authority's directory. @default Let's Encrypt, then ZeroSSL (Caddy's own default) */
  readonly directory?: string | undefined;
  /** External account, as authorities want it that serve members only. Give the key as a placeholder, not as text. @default none */
  readonly account?: { readonly keyId: string; readonly macKey: string } | undefined;
  /**
   * PEM file in Caddy's container with the root of the authority's own HTTPS certificate, where it is not a public one.
   * @default - the authorities that everybody trusts
   */
  readonly root?: string | undefined;
}

/** Certificates that the operator brings. Caddy orders none, not even for a name that they do not cover. */
export interface CertificateTls extends CertificateFiles {
  readonly kind: "certificate";
  /** Open WebUI's own certificate. @default the same as LAMB's */
  readonly openWebUi?: CertificateFiles | undefined;
}

/**
 * Certificates that Caddy signs itself, for a closed campus network. Browsers trust them once they have the authority's certificate,
 * `/data/caddy/pki/authorities/local/root.crt` in Caddy's container.
 */
export interface InternalTls {
  readonly kind: "internal";
}

/** Plain HTTP on port 80, behind a proxy that ends TLS and passes the `Host` header on unchanged. */
export interface ProxiedTls {
  readonly kind: "proxied";
  /** Whose `X-Forwarded-*` headers count: addresses, CIDR ranges, `private_ranges`, or a placeholder that holds such a list. At least one. */
  readonly trustedProxies: readonly string[];
  /** What browsers use to reach the outer proxy. @default "https" */
  readonly publicScheme?: "https" | "http" | undefined;
}

/** Where TLS ends, and with whose certificates. */
export type CaddyTls = AcmeTls | CertificateTls | InternalTls | ProxiedTls;

/** What one way of TLS means for the parts of the Caddyfile. */
export interface TlsParts {
  readonly globals: readonly Directive[];
  /** Lines of the global `servers` block. */
  readonly servers: readonly Directive[];
  /** In front of a host name in a site's address. */
  readonly addressPrefix: "" | "http://";
  readonly publicScheme: "https" | "http";
  readonly lamb: readonly Directive[];
  readonly openWebUi: readonly Directive[];
  /** Whether browsers may be told to come back by HTTPS only, unless the caller says otherwise. */
  readonly hsts: boolean;
}

const OVER_TLS = {
  globals: [],
  servers: [],
  addressPrefix: "",
  publicScheme: "https",
  lamb: [],
  openWebUi: [],
  hsts: true,
} as const;

/** @throws ConstructError `caddy-option` for a value that cannot be right. */
export function tlsParts(tls: CaddyTls): TlsParts {
  switch (tls.kind) {
    case "acme":
      return { ...OVER_TLS, globals: acmeGlobals(tls) };
    case "certificate":
      return {
        ...OVER_TLS,
        globals: [
          directive("auto_https", ["disable_certs"], {
            comment: "The certificates below are the only ones: none is ordered for a name that they lack.",
          }),
        ],
        lamb: [certificate("tls", tls)],
        openWebUi: [
          tls.openWebUi === undefined ? certificate("tls", tls) : certificate("tls.openWebUi", tls.openWebUi),
        ],
      };
    case "internal":
      return {
        ...OVER_TLS,
        globals: [
          directive("skip_install_trust", [], {
            comment: "A container has no browsers that would need the authority.",
          }),
        ],
        lamb: [directive("tls", ["internal"])],
        openWebUi: [directive("tls", ["internal"])],
        // Who loses Caddy's volume gets a new authority; with HSTS no browser would offer a way past its warning.
        hsts: false,
      };
    case "proxied":
      return proxied(tls);
    default:
      throw new ConstructError({
        code: "caddy-option",
        path: "tls.kind",
        reason: "this is not a kind of TLS",
        fix: 'use "acme", "certificate", "internal" or "proxied"',
      });
  }
}

function acmeGlobals({ email, directory, account, root }: AcmeTls): Directive[] {
  const globals = [directive("email", [checkToken("tls.email", email)])];
  if (directory !== undefined) globals.push(directive("acme_ca", [checkAddress("tls.directory", directory)]));
  if (root !== undefined) globals.push(directive("acme_ca_root", [checkToken("tls.root", root)]));
  if (account !== undefined) {
    const body = [
      directive("key_id", [checkToken("tls.account.keyId", account.keyId)]),
      directive("mac_key", [checkToken("tls.account.macKey", account.macKey)]),
    ];
    globals.push(directive("acme_eab", [], { body }));
  }
  return globals;
}

function certificate(path: string, { certificate, key }: CertificateFiles): Directive {
  return directive("tls", [checkToken(`${path}.certificate`, certificate), checkToken(`${path}.key`, key)]);
}

function proxied({ trustedProxies, publicScheme = "https" }: ProxiedTls): TlsParts {
  if (trustedProxies.length === 0) {
    throw new ConstructError({
      code: "caddy-option",
      path: "tls.trustedProxies",
      reason: "without a trusted proxy LAMB takes every request for plain HTTP, and no LTI signature is right",
      fix: "name the outer proxy's address or range, such as 10.1.2.3/32, or `private_ranges`",
    });
  }
  const ranges = trustedProxies.map((range, position) => checkRange(`tls.trustedProxies[${position}]`, range));
  return {
    ...OVER_TLS,
    globals: [directive("auto_https", ["off"], { comment: "The proxy in front of this one has the certificates." })],
    servers: [
      directive("trusted_proxies", ["static", ...ranges], {
        comment: "Only from here are X-Forwarded-For and its like believed.",
      }),
      directive("trusted_proxies_strict"),
    ],
    addressPrefix: "http://",
    publicScheme,
    hsts: false,
  };
}
