import { LARGEST_BODY, MIB } from "../facts/sizes";
import { checkCount, checkDuration, checkPorts, checkSource } from "./check";
import { errorPages } from "./error-pages";
import { forgetForwarded, tellForwarded } from "./forwarded";
import { accessLog, programLogs } from "./logs";
import { type Directive, directive, type Entry, namedMatcher, type Snippet } from "./model";
import type { CaddyPorts, CaddyTimeouts, LambCaddyfileOptions } from "./options";
import type { TlsParts } from "./tls";

const YEAR_SECONDS = 365 * 24 * 3600;

/** Every timeout, as Caddy reads it. */
export type Timeouts = Readonly<Record<keyof CaddyTimeouts, string>>;

export const DEFAULT_TIMEOUTS: Timeouts = {
  readHeader: "10s",
  idle: "5m",
  dial: "5s",
  hold: "60s",
  firstByte: "15m",
  grace: "20s",
  reload: "5m",
};

/** Types worth compressing. What streams is not among them: a compressor holds the tokens of a chat back. */
const COMPRESSIBLE = [
  "text/html*",
  "text/css*",
  "text/plain*",
  "text/markdown*",
  "text/javascript*",
  "application/javascript*",
  "application/json*",
  "application/manifest+json*",
  "application/wasm*",
  "image/svg+xml*",
  "font/ttf*",
  "font/otf*",
];

/** The snippet that sites take in. The other one is the headers, which Caddy's own pages have, too. */
const [PUBLIC_FACE, PUBLIC_HEADERS] = ["public_face", "public_headers"];

/** The line with which a site takes in what {@link publicFace} makes. */
export const importFace = directive("import", [PUBLIC_FACE]);

/** The caller's timeouts with the defaults, each checked. */
export function withDefaultTimeouts(given: CaddyTimeouts = {}): Timeouts {
  const pick = (name: keyof CaddyTimeouts) => checkDuration(`timeouts.${name}`, given[name] ?? DEFAULT_TIMEOUTS[name]);
  return {
    readHeader: pick("readHeader"),
    idle: pick("idle"),
    dial: pick("dial"),
    hold: pick("hold"),
    firstByte: pick("firstByte"),
    grace: pick("grace"),
    reload: pick("reload"),
  };
}

/** The block of global options. */
export function globalOptions(
  tls: TlsParts,
  { grace, readHeader, idle }: Timeouts,
  ports: CaddyPorts = {},
): Directive[] {
  const timeouts = [directive("read_header", [readHeader]), directive("idle", [idle])];
  return [
    ...tls.globals,
    ...otherPorts(ports),
    directive("grace_period", [grace], {
      comment: "Shorter than the container's stop_grace_period: open streams end before Docker kills.",
    }),
    directive("servers", [], {
      body: [
        ...tls.servers,
        directive("timeouts", [], {
          comment: "No limit for a body or an answer as a whole: uploads and chats last as long as they must.",
          body: timeouts,
        }),
      ],
    }),
    ...programLogs(),
  ];
}

/** Who is led from HTTP to HTTPS is led to the port that stands here. */
function otherPorts(ports: CaddyPorts): Directive[] {
  checkPorts(ports);
  const { http, https } = ports;
  return [
    ...(http === undefined ? [] : [directive("http_port", [String(http)])]),
    ...(https === undefined ? [] : [directive("https_port", [String(https)])]),
  ];
}

/** What both hosts have in common: compression, the largest body, headers, error pages, the log. */
export function publicFace(options: LambCaddyfileOptions, tls: TlsParts): readonly Snippet[] {
  const compressible = namedMatcher(
    "compressible",
    [directive("method", ["GET"]), directive("not", ["header", "Accept", "*text/event-stream*"])],
    "A chat's answer is not compressed, nor are its headers held back until there is something to compress.",
  );
  const headers = directive("import", [PUBLIC_HEADERS]);
  const face: readonly Entry[] = [
    headers,
    compressible,
    directive("encode", ["zstd", "gzip"], {
      matcher: compressible,
      body: [directive("match", [], { body: COMPRESSIBLE.map((type) => directive("header", ["Content-Type", type])) })],
    }),
    ...bodyLimit(checkCount("maxBodyBytes", options.maxBodyBytes ?? LARGEST_BODY, 1)),
    ...forgetForwarded(),
    accessLog(),
    ...errorPages(headers),
  ];
  return [
    { name: PUBLIC_HEADERS, body: [publicHeaders(options, tls)] },
    { name: PUBLIC_FACE, body: face },
  ];
}

function publicHeaders(options: LambCaddyfileOptions, tls: TlsParts): Directive {
  const hsts = options.hstsSeconds ?? (tls.hsts ? YEAR_SECONDS : false);
  const hstsHeader =
    hsts === false ? [] : [directive("Strict-Transport-Security", [`max-age=${checkCount("hstsSeconds", hsts, 0)}`])];
  return directive("header", [], {
    comment: "No X-Frame-Options: an LMS shows LTI activities in a frame; frame-ancestors says whose.",
    body: [
      ...hstsHeader,
      directive("X-Content-Type-Options", ["nosniff"]),
      directive("Referrer-Policy", ["strict-origin-when-cross-origin"]),
      directive("+Content-Security-Policy", [`frame-ancestors ${frameAncestors(options, tls).join(" ")}`]),
      directive("-Server"),
    ],
  });
}

/** A body that is announced too large is refused before it is sent; one of unknown length is cut where it gets too large. */
function bodyLimit(bytes: number): Entry[] {
  const tooLarge = namedMatcher(
    "too_large",
    [
      directive("expression", [
        `header({'Content-Length': '*'}) && int({http.request.header.Content-Length}) > ${bytes}`,
      ]),
    ],
    "What says that it is too large is told so before it is sent.",
  );
  const words = `The upload is too large: this server takes up to ${Math.floor(bytes / MIB)} MiB.`;
  return [
    directive("request_body", [], {
      comment: "Room for the largest upload that the services take, and for the form around it.",
      body: [directive("max_size", [byteSize(bytes)])],
    }),
    tooLarge,
    directive("handle", [], { matcher: tooLarge, body: [directive("respond", [words, "413"])] }),
  ];
}

function frameAncestors({ frameAncestors }: LambCaddyfileOptions, { publicScheme }: TlsParts): string[] {
  const wide = publicScheme === "http" ? ["'self'", "https:", "http:"] : ["'self'", "https:"];
  const sources = (frameAncestors ?? wide).map((source, position) =>
    checkSource(`frameAncestors[${position}]`, source),
  );
  return sources.length === 0 ? ["'none'"] : sources;
}

function byteSize(bytes: number): string {
  return bytes % MIB === 0 ? `${bytes / MIB}MiB` : `${bytes}B`;
}

/** A matcher with an expression is also asked about each answer that comes, so this one says that none has come. */
const RESET_AT_ONCE = "{http.reverse_proxy.is_transport_error} == true && {http.request.duration_ms} < 1000";

/**
 * The way to a service. Without `flush_interval`, because Caddy passes on at once whatever comes without a known length, as streams do; a fixed
 * -1 adds nothing to that, and with it, says Caddy's manual, a model goes on computing for a browser that has gone.
 *
 * While a service restarts, Caddy holds requests back and tries to connect. A service that stops also resets connections that it has not
 * accepted yet: what changes nothing is sent again then, in its first second only, so that a page view that ends the service does not end it
 * again and again. Anything else is never sent twice: it may have been done.
 *
 * @param more lines beside those that every service has
 */
export function reverseProxy(
  upstream: string,
  tls: TlsParts,
  { dial, firstByte, hold, reload }: Timeouts,
  more: readonly Directive[] = [],
): Directive {
  const transport = [directive("dial_timeout", [dial]), directive("response_header_timeout", [firstByte])];
  return directive("reverse_proxy", [upstream], {
    body: [
      directive("lb_try_duration", [hold]),
      directive("lb_try_interval", ["250ms"]),
      directive("lb_retry_match", [], {
        body: [directive("method", ["GET", "HEAD"]), directive("expression", [RESET_AT_ONCE])],
      }),
      ...tellForwarded(tls),
      ...more,
      directive("stream_close_delay", [reload]),
      directive("transport", ["http"], { body: transport }),
    ],
  });
}
