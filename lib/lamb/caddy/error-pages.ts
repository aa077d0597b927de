import { type Directive, directive, namedMatcher } from "./model";

/** How long a browser waits before it asks again. */
const AGAIN_SECONDS = "10";

/** Statuses with which Caddy says that a service did not answer. */
const UNANSWERED = ["502", "503", "504"];

/** One line, because a token of a Caddyfile is one; without braces, which Caddy reads as placeholders; readable in a narrow frame. */
function page(title: string, words: string): string {
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${title}</title>`,
    '<body style="font-family:sans-serif;line-height:1.5;max-width:34em;margin:10vh auto;padding:0 1em">',
    `<h1>${title}</h1><p>${words}</p>`,
  ].join("");
}

const PAGE = { title: "The service is restarting", saved: "What was saved before is still there." };
const COMES_BACK = page(PAGE.title, `This page tries again by itself every ${AGAIN_SECONDS} seconds. ${PAGE.saved}`);
const ASK_AGAIN = page(PAGE.title, `Please go back, wait a minute, and try again. ${PAGE.saved}`);

/**
 * What Caddy answers itself when something goes wrong, with the headers that every answer has. The request's line in the log says what went
 * wrong, because an error with a page has no line of its own.
 * @param headers the directive that gives them
 */
export function errorPages(headers: Directive): Directive[] {
  const reason = directive("log_append", ["error", "{err.message}"]);
  const visit = namedMatcher("visit", [directive("method", ["GET", "HEAD"])], "What a browser can ask for again.");
  return [
    directive("handle_errors", UNANSWERED, {
      comment: "A service restarts for longer than Caddy holds a request back. A form that was sent is not sent again.",
      body: [
        reason,
        headers,
        directive("header", [], {
          body: [
            directive("Content-Type", ["text/html; charset=utf-8"]),
            directive("Cache-Control", ["no-store"]),
            directive("Retry-After", [AGAIN_SECONDS]),
            directive("+Content-Security-Policy", ["default-src 'none'; style-src 'unsafe-inline'"]),
          ],
        }),
        visit,
        directive("header", ["Refresh", AGAIN_SECONDS], { matcher: visit }),
        directive("respond", [COMES_BACK], { matcher: visit }),
        directive("respond", [ASK_AGAIN]),
      ],
    }),
    directive("handle_errors", [], {
      body: [reason, headers, directive("respond", ["{err.status_code} {err.status_text}"])],
    }),
  ];
}
