import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { CADDY } from "../../lib/lamb/facts/caddy";
import { IDENTITY_HEADERS } from "../../lib/lamb/facts/identity";
import { KB } from "../../lib/lamb/facts/kb";
import { LAMB } from "../../lib/lamb/facts/lamb";
import { LTI } from "../../lib/lamb/facts/lti";
import { OLD_VERSIONS } from "../../lib/lamb/facts/old-places";
import { OPEN_WEBUI } from "../../lib/lamb/facts/open-webui";
import { RELEASES, servicesOf } from "../../lib/lamb/facts/releases";

const LIB = fileURLToPath(new URL("../../lib", import.meta.url));
const FILES = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter(
  (file) => /\.(ts|py|sh|mjs)$/.test(file) && !file.includes("/generated/"),
);
const services = RELEASES.flatMap(servicesOf);

/** Ports and folders that programs of others have, too. */
const COMMON = ["80", "443", "8080", "9090", "/data", "/config"];
const words = services.flatMap(({ port, folders }) => [`${port}`, ...Object.values(folders).map(({ path }) => path)]);
const FACTS = new RegExp(`LAMB \\d+\\.\\d|\\b(${words.filter((one) => !COMMON.includes(one)).join("|")})\\b`);
const COMMENT = /^\s*(\*|\/\*|\/\/|#)/;

it("is a fact about LAMB's releases in the room of LAMB alone: ports, folders of containers, what a version has", () => {
  const files = FILES.filter((file) => !file.startsWith("lamb/"));
  expect(FACTS.test("http://lamb:9099 in LAMB 0.6 has /app/backend/data")).toBe(true);
  expect(linesWith(FACTS, files)).toEqual([]);
});

const databases = services
  .flatMap(({ folders }) => Object.values(folders))
  .flatMap(({ stores }) => stores.filter(({ copy }) => copy === "database").map(({ path }) => basename(path)));
const NAMES = new RegExp(
  [
    ...databases,
    ...Object.values(IDENTITY_HEADERS),
    ...Object.values(LTI),
    ...[...new Set([...OLD_VERSIONS, ...RELEASES.map(({ version }) => version)])]
      .filter((version) => /^\d/.test(version))
      .map((version) => `LAMB ${version}`),
  ]
    .map((name) => name.replaceAll(".", "\\."))
    .join("|"),
);

it("names databases, addresses of LTI, headers that sign people in, and releases among the facts alone", () => {
  const files = FILES.filter((file) => !file.startsWith("lamb/facts/"));
  expect(databases).toContain("webui.db");
  expect(linesWith(NAMES, files)).toEqual([]);
});

it("is in the README as the facts have it: ports of the drawing, and what can be migrated", () => {
  const readme = readFileSync("README.md", "utf8");
  const [, drawing = ""] = /```text\n([^`]*)```/.exec(readme) ?? [];
  const ports = [...drawing.matchAll(/ (\d{4}) /g)].map(([, port]) => Number(port));
  expect(ports.sort()).toEqual([LAMB, KB, OPEN_WEBUI].map(({ port }) => port).sort());
  for (const { name } of [LAMB, KB, OPEN_WEBUI, CADDY]) expect(drawing).toContain(` ${name} `);
  expect(readme.replaceAll("\n", " ")).toContain(`a checkout with its data in folders (${OLD_VERSIONS.join(", ")})`);
});

function linesWith(words: RegExp, files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    readFileSync(join(LIB, file), "utf8")
      .split("\n")
      .flatMap((line, at) => (words.test(line) && !COMMENT.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
}
