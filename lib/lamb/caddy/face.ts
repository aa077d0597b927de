import { checkCount, checkDuration, checkSource } from "./check";
import { type Directive, directive, namedMatcher, type Snippet } from "./model";
import type { CaddyTimeouts, LambCaddyfileOptions } from "./options";
import type { TlsParts } from "./tls";

const MIB = 1024 * 1024;
const YEAR_SECONDS = 365 * 24 * 3600;

/** Every timeout, as Caddy reads it. */
export type Timeouts = Readonly<Record<keyof CaddyTimeouts, string>>;

const DEFAULT_TIMEOUTS: Timeouts = {
  readHeader: "10s",
  idle: "5m",
  dial: "5s",
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

/** The name of the snippet that {@link publicFace} makes. */
export const PUBLIC_FACE = "public_face";

/** The caller's timeouts with the defaults, each checked. */
export function withDefaultTimeouts(given: CaddyTimeouts = {}): Timeouts {
  const pick = (name: keyof CaddyTimeouts) => checkDuration(`timeouts.${name}`, given[name] ?? DEFAULT_TIMEOUTS[name]);
  return {
    readHeader: pick("readHeader"),
    idle: pick("idle"),
    dial: pick("dial"),
    firstByte: pick("firstByte"),
    grace: pick("grace"),
    reload: pick("reload"),
  };
}

/** The block of global options. */
export function globalOptions(tls: TlsParts, { grace, readHeader, idle }: Timeouts): Directive[] {
  const timeouts = [directive("read_header", [readHeader]), directive("idle", [idle])];
  return [
    ...tls.globals,
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
    directive("log", [], {
      comment: "Sign-in links carry a token in their query: it must not get into the log.",
      body: [
        directive("format", ["filter"], {
          body: [
            directive("fields", [], {
              body: [
                directive("request>uri", ["query"], { body: [directive("replace", ["token", "REDACTED"])] }),
                directive("request>headers>Referer", ["delete"]),
              ],
            }),
          ],
        }),
      ],
    }),
  ];
}

/** What both hosts have in common: compression, the largest body, headers for browsers. */
export function publicFace(options: LambCaddyfileOptions, tls: TlsParts): Snippet {
  const compressible = namedMatcher(
    "compressible",
    [directive("method", ["GET"]), directive("not", ["header", "Accept", "*text/event-stream*"])],
    "A chat's answer is not compressed, nor are its headers held back until there is something to compress.",
  );
  const hsts = options.hstsSeconds ?? (tls.hsts ? YEAR_SECONDS : false);
  const hstsHeader =
    hsts === false ? [] : [directive("Strict-Transport-Security", [`max-age=${checkCount("hstsSeconds", hsts, 0)}`])];
  return {
    name: PUBLIC_FACE,
    body: [
      compressible,
      directive("encode", ["zstd", "gzip"], {
        matcher: compressible,
        body: [
          directive("match", [], { body: COMPRESSIBLE.map((type) => directive("header", ["Content-Type", type])) }),
        ],
      }),
      directive("request_body", [], {
        comment: "Room for the largest upload that the services take, and for the form around it.",
        body: [directive("max_size", [byteSize(checkCount("maxBodyBytes", options.maxBodyBytes ?? 501 * MIB, 1))])],
      }),
      directive("header", [], {
        comment: "No X-Frame-Options: an LMS shows LTI activities in a frame; frame-ancestors says whose.",
        body: [
          ...hstsHeader,
          directive("X-Content-Type-Options", ["nosniff"]),
          directive("Referrer-Policy", ["strict-origin-when-cross-origin"]),
          directive("+Content-Security-Policy", [`frame-ancestors ${frameAncestors(options, tls).join(" ")}`]),
          directive("-Server"),
        ],
      }),
    ],
  };
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

/**
 * The way to a service. Without `flush_interval`, because Caddy passes on at once whatever comes without a known length, as streams do; a fixed
 * -1 adds nothing to that, and with it, says Caddy's manual, a model goes on computing for a browser that has gone.
 */
export function reverseProxy(upstream: string, { dial, firstByte, reload }: Timeouts): Directive {
  const transport = [directive("dial_timeout", [dial]), directive("response_header_timeout", [firstByte])];
  return directive("reverse_proxy", [upstream], {
    body: [directive("stream_close_delay", [reload]), directive("transport", ["http"], { body: transport })],
  });
}
