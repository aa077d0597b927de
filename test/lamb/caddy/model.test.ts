import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConstructError } from "../../../lib/construct/errors";
import { type Caddyfile, directive, namedMatcher, renderCaddyfile } from "../../../lib/lamb/caddy/model";
import { quoteToken } from "../../../lib/lamb/caddy/token";
import { SEED } from "../../support/property";
import { describeWith, run } from "../../support/tools";

const EMPTY: Caddyfile = { globals: [], snippets: [], sites: [] };

describe("renderCaddyfile", () => {
  it("writes comments, global options, snippets and sites in this order", () => {
    const old = namedMatcher("old", [directive("path", ["/a/*", "/b/*"])], "Long ago.");
    const both = namedMatcher("both", [directive("method", ["GET"]), directive("path", ["/c"])]);
    const text = renderCaddyfile({
      comment: "First line.\n\nThird line.",
      globals: [directive("admin", ["off"])],
      snippets: [{ name: "shared", comment: "For all.", body: [directive("encode", ["gzip"])] }],
      sites: [
        {
          addresses: ["a.test", "b.test:8443"],
          body: [
            directive("import", ["shared"]),
            old,
            directive("redir", ["/", "308"], { matcher: old }),
            both,
            directive("respond", ['say "no"'], { matcher: both, comment: "Never." }),
            directive("respond", [""], { matcher: "/empty" }),
          ],
        },
      ],
    });
    expect(text.split("\n")).toEqual([
      "# First line.",
      "#",
      "# Third line.",
      "",
      "{",
      "\tadmin off",
      "}",
      "",
      "# For all.",
      "(shared) {",
      "\tencode gzip",
      "}",
      "",
      "a.test, b.test:8443 {",
      "\timport shared",
      "",
      "\t# Long ago.",
      "\t@old path /a/* /b/*",
      "\tredir @old / 308",
      "\t@both {",
      "\t\tmethod GET",
      "\t\tpath /c",
      "\t}",
      "",
      "\t# Never.",
      '\trespond @both `say "no"`',
      '\trespond /empty ""',
      "}",
      "",
    ]);
  });

  it.each([
    ["a directive", { ...EMPTY, globals: [directive("a b")] }],
    ["a directive that would end a block", { ...EMPTY, globals: [directive("}")] }],
    ["a snippet", { ...EMPTY, snippets: [{ name: "a)", body: [] }] }],
    ["a matcher", { ...EMPTY, sites: [{ addresses: ["a.test"], body: [namedMatcher("a{", [])] }] }],
  ])("refuses a name that is none: %s", (_, file) => {
    expect(() => renderCaddyfile(file)).toThrow(expect.objectContaining({ code: "caddy-name" }));
  });

  it("refuses a site without an address", () => {
    expect(() => renderCaddyfile({ ...EMPTY, sites: [{ addresses: [], body: [] }] })).toThrow(
      expect.objectContaining({ code: "caddy-site" }),
    );
  });

  it.each(["a\nb", "a\rb", "a\0", "\u007f", "a\tb", 'a`\\"b', "a\\", "{", "}"])(
    "refuses a token that cannot be written: %j",
    (token) => {
      expect(() => quoteToken(token)).toThrow(ConstructError);
    },
  );
});

it("a placeholder needs no quotes, and what stands around it may", () => {
  expect(quoteToken("{$LAMB_HOST:localhost}:{http.request.port}")).toBe("{$LAMB_HOST:localhost}:{http.request.port}");
  expect(quoteToken("{$LAMB_HOST} {}")).toBe('"{$LAMB_HOST} {}"');
});

describeWith("caddy", "what caddy reads in a token", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "lamb-compose-caddyfile-"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const caddy = (...words: string[]) =>
    run("caddy", words, { env: { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory } });
  const character = fc.constantFrom(...'ab {}"`\\#<>@$.:/*()~,;=-é'.split(""));
  // Caddy replaces {$NAME} before it reads tokens; that is what it is for.
  const token = fc.string({ unit: character, maxLength: 8 }).filter((text) => !text.includes("{$") && isWritable(text));

  it("is what was written, and caddy fmt changes nothing", () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 30, maxLength: 60 }), (tokens) => {
        const path = join(directory, "Caddyfile");
        const body = tokens.map((text, index) => directive("vars", [`v${index}`, text]));
        const file = renderCaddyfile({ ...EMPTY, sites: [{ addresses: ["http://a.test"], body }] });
        writeFileSync(path, file);
        const adapted = caddy("adapt", "--config", path, "--adapter", "caddyfile");
        expect(adapted.status, adapted.stderr).toBe(0);
        const read = new Map<string, unknown>();
        collectVars(JSON.parse(adapted.stdout), read);
        expect(tokens.map((_, index) => read.get(`v${index}`))).toEqual(tokens);
        const formatted = caddy("fmt", path);
        expect(formatted.stdout).toBe(file);
      }),
      { ...SEED, numRuns: 12 },
    );
  });
});

function isWritable(text: string): boolean {
  try {
    quoteToken(text);
    return true;
  } catch {
    return false;
  }
}

/** The variables that handlers of the kind `vars` set, wherever they are. */
function collectVars(value: unknown, into: Map<string, unknown>): void {
  if (typeof value !== "object" || value === null) return;
  if ("handler" in value && value.handler === "vars") {
    for (const [name, entry] of Object.entries(value)) if (name !== "handler") into.set(name, entry);
    return;
  }
  for (const entry of Object.values(value)) collectVars(entry, into);
}
