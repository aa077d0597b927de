import { type Directive, directive } from "./model";

/** Names of the query stay, values go: any name can be a secret's, in any spelling. */
const QUERY_VALUES = ["regexp", "([?&][^=&]*=)[^&]*", "${1}REDACTED"];

/** What no line of a log has. Headers can hold keys under any name, and `Location` and `Referer` hold whole sign-in links. */
const WITHOUT_SECRETS = directive("format", ["filter"], {
  body: [
    directive("wrap", ["json"]),
    directive("fields", [], {
      body: [
        directive("request>uri", QUERY_VALUES),
        directive("request>headers", ["delete"]),
        directive("resp_headers", ["delete"]),
      ],
    }),
  ],
});

/**
 * Caddy's own messages. Its admin port is asked every few seconds whether Caddy lives: that is worth no line. What that
 * port says goes to the default log or nowhere (Caddy gives other logs only what modules say), and who asks it is told
 * what went wrong.
 */
export function programLogs(): Directive[] {
  return [
    directive("log", [], {
      comment: [
        "Sign-in links carry a token in their query, launches a key in a header: no log gets a value of them.",
        "Each look at Caddy's health, at its admin port, would be a line.",
      ].join("\n"),
      body: [WITHOUT_SECRETS, directive("exclude", ["admin.api"])],
    }),
  ];
}

/** A line for each request, on standard output: Docker keeps it, and rotates it. */
export function accessLog(): Directive {
  return directive("log", [], {
    comment: "A line for each request, as JSON. Docker keeps and rotates it.",
    body: [directive("output", ["stdout"]), WITHOUT_SECRETS],
  });
}
