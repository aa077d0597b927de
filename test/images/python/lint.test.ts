import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type Diagnostic, PositionEncoding, Workspace } from "@astral-sh/ruff-wasm-nodejs";
import { expect, it } from "vitest";

const LIB = fileURLToPath(new URL("../../../lib/", import.meta.url));

const PROGRAMS = readdirSync(LIB, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".py"));

/** A probe's imports stand where they are needed: it ends before most of them while nothing listens. */
const PROBE_IGNORES = ["E401", "E402", "UP031"];

const ruff = (ignore: readonly string[]) =>
  new Workspace(
    {
      "line-length": 120,
      "target-version": "py310",
      lint: { select: ["E", "F", "W", "B", "UP", "PLE", "RUF100"], ignore: ["E501", "B904", "UP015", ...ignore] },
    },
    PositionEncoding.Utf16,
  );

it("there are programs to look at", () => {
  expect(PROGRAMS.map((path) => basename(path))).toEqual(
    expect.arrayContaining(["entrypoint.py", "imports.py", "locked.py", "database_ready.py"]),
  );
});

it.each(PROGRAMS)("ruff finds nothing in %s", (path) => {
  const ready = path.endsWith("_ready.py");
  const found: readonly Diagnostic[] = ruff(ready ? PROBE_IGNORES : []).check(readFileSync(LIB + path, "utf8"));
  const lines = found.map(({ code, message, start_location }) => `${start_location.row}: ${code} ${message}`);
  expect(lines).toEqual([]);
});

/** `vitest run … -u` writes them so. */
it.each(PROGRAMS)("ruff would write %s just so", async (path) => {
  await expect(ruff([]).format(readFileSync(LIB + path, "utf8"))).toMatchFileSnapshot(LIB + path);
});
