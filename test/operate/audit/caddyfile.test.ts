import { describe, expect, it } from "vitest";
import { audit } from "../../../lib/operate/audit/audit";
import { readCaddyfile } from "../../../lib/operate/audit/caddyfile-text";
import { foundWith } from "./audit-files";

/** Number in the contract's section 5, what is wrong, and how. */
const DEFECTS: readonly (readonly [number: number, what: string, from: string, to: string, ...codes: string[]])[] = [
  [
    17,
    "/lamb stripped",
    "\thandle {\n\t\treverse_proxy lamb",
    "\thandle /lamb/* {\n\t\turi strip_prefix /lamb\n\t\treverse_proxy lamb",
    "caddy-lamb-stripped",
  ],
  [
    17,
    "/lamb stripped by its route",
    "\thandle {\n\t\treverse_proxy lamb",
    "\thandle_path /lamb/* {\n\t\treverse_proxy lamb",
    "caddy-lamb-stripped",
  ],
  [18, "a header that passes", "\trequest_header -X-User-Email\n", "", "caddy-identity-headers"],
  [18, "another header that passes", "\trequest_header -X-User-Name\n", "", "caddy-identity-headers"],
  [
    18,
    "headers that are kept off one route only",
    "\trequest_header -X-User-Email\n",
    "\thandle /api/* {\n\t\trequest_header -X-User-Email\n\t}\n",
    "caddy-identity-headers",
  ],
  [24, "the whole knowledge base", "handle /kb/static/* {", "handle /kb/* {", "caddy-kb-published"],
  [
    24,
    "the whole knowledge base by a name",
    "\thandle /kb/static/* {",
    "\t@kb path /kb/*\n\thandle @kb {",
    "caddy-kb-published",
  ],
  [25, "a redirect with its prefix", "\t\turi strip_prefix /openwebui\n", "", "caddy-old-redirect"],
  [
    26,
    "no transport security",
    "\theader Strict-Transport-Security max-age=31536000\n",
    "",
    "caddy-no-security-headers",
    "caddy-no-security-headers",
  ],
  [26, "no limit", "\t\tmax_size 500MB\n", "", "caddy-no-limits", "caddy-no-limits"],
  [
    26,
    "a route to nothing",
    "\thandle {",
    "\thandle /api/* {\n\t\treverse_proxy lamb:9099\n\t}\n\thandle {",
    "caddy-dead-route",
  ],
  [26, "the description of the API", "/openapi.json", "/nothing.json", "caddy-api-description"],
];

describe("audit of a Caddyfile", () => {
  it.each(DEFECTS.map(([number, what, from, to, ...codes]) => [number, what, from, to, codes] as const))(
    "finds defect %i: %s",
    (_, __, from, to, codes) => {
      const found = foundWith({
        caddyfile: (text) => {
          expect(text).toContain(from);
          return text.replace(from, () => to);
        },
      });
      expect(found.map((line) => line.split(" ")[0])).toEqual(codes);
    },
  );

  it.each([
    [
      "the headers removed where it is proxied",
      "\treverse_proxy openwebui:8080",
      "\treverse_proxy openwebui:8080 {\n\t\theader_up -X-User-Email\n\t\theader_up -x-user-name\n\t}",
    ],
    ["an upstream in its own line", "\t\treverse_proxy kb:9090", "\t\treverse_proxy {\n\t\t\tto http://kb:9090\n\t\t}"],
    ["a matcher by pattern", "\thandle /kb/static/* {", "\t@files path_regexp ^/kb/static/\n\thandle @files {"],
    ["a matcher in braces", "\thandle /kb/static/* {", "\t@files {\n\t\tpath /kb/static/*\n\t}\n\thandle @files {"],
    ["comments", "\timport common", "\timport common # uri strip_prefix /lamb\n\t# uri strip_prefix /lamb"],
  ])("lets be %s", (_, from, to) => {
    expect(foundWith({ caddyfile: (text) => text.replace(from, () => to) })).toEqual([]);
  });

  it("says where", () => {
    const text = "lamb.campus.edu {\n\n\turi strip_prefix /lamb\n}\n";
    expect(audit([{ path: "deploy/Caddyfile.next", text }])).toMatchObject([
      { code: "caddy-lamb-stripped", file: "deploy/Caddyfile.next", path: "line 3", severity: "error" },
    ]);
  });

  it("asks no transport security of a site behind another proxy", () => {
    const site = (address: string) =>
      `${address} {\n\treverse_proxy x:1\n\trequest_body {\n\t\tmax_size 1MB\n\t}\n\theader X-Content-Type-Options nosniff\n}\n`;
    const codes = (address: string) => audit([{ path: "Caddyfile", text: site(address) }]).map(({ code }) => code);
    expect(codes("http://lamb.campus.edu")).toEqual([]);
    expect(codes("lamb.campus.edu")).toEqual(["caddy-no-security-headers"]);
  });
});

describe("the words of a Caddyfile", () => {
  it("are read with quotes, comments and lines that go on", () => {
    const text = 'a.edu,\nb.edu {\n\theader X "a { b" # }\n\trespond `x }` \\\n\t\t404\n}\n{$HOST} {\n}\n';
    expect(readCaddyfile(text)).toEqual([
      {
        words: ["a.edu,", "b.edu"],
        line: 1,
        children: [
          { words: ["header", "X", "a { b"], line: 3, children: [] },
          { words: ["respond", "x }", "404"], line: 4, children: [] },
        ],
      },
      { words: ["{$HOST}"], line: 7, children: [] },
    ]);
  });

  it("may be unfinished", () => {
    expect(readCaddyfile("a {\n b")).toEqual([
      { words: ["a"], line: 1, children: [{ words: ["b"], line: 2, children: [] }] },
    ]);
    expect(readCaddyfile("}\n}\n")).toEqual([]);
  });

  it("do not go round in circles", () => {
    expect(
      audit([{ path: "Caddyfile", text: "(a) {\n import a\n import b\n}\n(b) {\n import a\n}\nx {\n import a\n}\n" }]),
    ).toEqual([]);
  });
});
