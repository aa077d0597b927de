import { ConstructError } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { caddyfileFindings } from "../../../lib/operate/audit/caddyfile";
import { contentsOf, readCaddyfile } from "../../../lib/operate/audit/caddyfile-text";

function codeOf(text: string): string {
  try {
    return [...caddyfileFindings({ path: "Caddyfile", text })].map(({ code }) => code).join();
  } catch (error) {
    if (error instanceof ConstructError) return error.code;
    throw error;
  }
}

/** A site, then blocks in each other, `depth` in all. */
const nested = (depth: number) => `${"a {\n".repeat(depth)}${"}\n".repeat(depth)}`;

/** Snippets, each of which imports the next one, and a site that imports the first. */
function chain(count: number): string {
  const snippets = Array.from({ length: count }, (_, at) => `(s${at}) {\nimport s${at + 1}\n}\n`);
  return `${snippets.join("")}x {\nimport s0\n}\n`;
}

describe("a Caddyfile", () => {
  it.each([
    ["open braces", "a {\n".repeat(100_000)],
    ["blocks in each other", nested(100_000)],
    ["blocks, one more than can be", nested(100)],
    ["snippets that import each other in turn", chain(10_000)],
  ])("that is too deep is an error: %s", (_, text) => expect(codeOf(text)).toBe("too-deep"));

  it("may be as deep as anybody writes it", () => {
    expect(codeOf(nested(99))).toBe("");
    expect(codeOf(chain(90))).toBe("");
  });

  it.each([
    ["10,000 sites and a snippet of 1,000 lines", 10_000, "respond ok\n".repeat(1000)],
    ["two snippets that import each other twice", 1, "import s\nimport t\nimport t\n"],
  ])("that becomes too large is an error, and not looked at in part: %s", (_, sites, lines) => {
    const doubling = Array.from({ length: 30 }, (_, at) => `(t${at}) {\nimport t${at + 1}\nimport t${at + 1}\n}\n`);
    const snippets = `(s) {\n${lines}}\n(t) {\nimport t0\n}\n${doubling.join("")}`;
    const start = performance.now();
    expect(codeOf(`${snippets}${"x {\nimport s\n}\n".repeat(sites)}`)).toBe("too-large");
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("may have texts of any length in quotes", () => {
    const quoted = 'x\\" '.repeat(1_000_000);
    const [node] = readCaddyfile(`respond "${quoted}"\n`);
    expect(node?.words[1]).toBe(quoted);
  });

  it("may be wide", () => {
    const [site] = readCaddyfile(`x {\n${"respond ok\n".repeat(90_000)}}\n`);
    expect(site === undefined ? 0 : contentsOf(site, new Map()).length).toBe(90_000);
  });
});
