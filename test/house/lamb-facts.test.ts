import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { RELEASES, servicesOf } from "../../lib/lamb/facts/releases";

const LIB = fileURLToPath(new URL("../../lib", import.meta.url));
const services = RELEASES.flatMap(servicesOf);

/** Ports and folders that programs of others have, too. */
const COMMON = ["80", "443", "8080", "9090", "/data", "/config"];
const words = services.flatMap(({ port, folders }) => [`${port}`, ...Object.values(folders).map(({ path }) => path)]);
const FACTS = new RegExp(`LAMB \\d+\\.\\d|\\b(${words.filter((one) => !COMMON.includes(one)).join("|")})\\b`);
const COMMENT = /^\s*(\*|\/\*|\/\/|#)/;

it("is a fact about LAMB's releases in the room of LAMB alone: ports, folders of containers, what a version has", () => {
  const files = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.(ts|py|sh|mjs)$/.test(file) && !/^lamb\/|\/generated\//.test(file),
  );
  expect(FACTS.test("http://lamb:9099 in LAMB 0.6 has /app/backend/data")).toBe(true);
  const found = files.flatMap((file) =>
    readFileSync(join(LIB, file), "utf8")
      .split("\n")
      .flatMap((line, at) => (FACTS.test(line) && !COMMENT.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
