import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { SHIPPED_LOCK } from "../../../lib/lamb/images/shipped-lock";
import { SOURCES } from "../../../lib/lamb/images/sources";
import { commandWords } from "../../support/command";
import { describeWith, run } from "../../support/tools";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const CHECKOUT = join(ROOT, "test/engine/checkout");
const LOCK = join(ROOT, "test/engine/checkout.lock.json");
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-dependencies-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** `lamb-compose dependencies`, with programs of the test's own before those of the machine, or in their place. */
function dependencies(words: readonly string[], programs: Readonly<Record<string, string>> = {}, only = false) {
  const bin = mkdtempSync(join(scratch, "bin-"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  symlinkSync("/bin/sh", join(bin, "sh"));
  const path = only ? bin : `${bin}:${process.env.PATH}`;
  return run(process.execPath, commandWords("dependencies", ...words), { cwd: ROOT, env: { PATH: path } });
}

const PYLOCK = `[[packages]]\nname = "one"\nversion = "1"\nwheels = [{ hashes = { sha256 = "${"1".repeat(64)}" } }]`;
/** A resolver that says what it was asked to its standard error, and finds one package. */
const FAKES = {
  uv: `[ "$1" = --version ] && exit; cat >&2; echo "$@" >>"$CALLS"; cat <<'EOF'\n${PYLOCK}\nEOF`,
  python3: `echo '[{"module": "yaml", "name": null, "places": ["main.py:1"]}]'`,
  npm: `printf '{"lockfileVersion": 3}' >package-lock.json`,
  git: "echo 2026-06-11",
};

describe("lamb-compose dependencies", () => {
  const out = join(scratch, "lock.json");
  const at = (path: string) => ["--checkout", path, "--out", out];

  it("asks for what the programs import, and for all that they ask for, as of the commit's day, on each machine", () => {
    const calls = join(scratch, "calls");
    const ran = dependencies(at(CHECKOUT), { ...FAKES, uv: FAKES.uv.replaceAll('"$CALLS"', calls) });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining(`wrote ${out}, as of 2026-06-11\n`) });
    const asked = readFileSync(calls, "utf8").trim().split("\n");
    expect(asked).toHaveLength(12);
    for (const words of asked) {
      expect(words).toContain("--python-version 3.11");
      expect(words).toContain("--exclude-newer 2026-06-11T23:59:59Z");
      expect(words).toMatch(/--python-platform (x86_64|aarch64)-manylinux_2_36/);
    }
    const compiled = asked.map((words) => words.split(" ")[2]).sort();
    expect([...new Set(compiled)]).toEqual(
      ["-", ...Object.values(SOURCES).map(({ requirements }) => requirements)].sort(),
    );
    const packages = [{ name: "one", version: "1", hashes: [`sha256:${"1".repeat(64)}`] }];
    const each = { slim: packages, full: packages };
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual({
      asOf: "2026-06-11",
      python: "3.11",
      images: { lamb: each, kb: each, libraryManager: each },
      pages: { lockfileVersion: 3 },
    });
    expect(readdirSync(scratch).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("leaves the pages to the checkout's own lock when it has one", () => {
    const copy = join(scratch, "with-lock");
    cpSync(CHECKOUT, copy, { recursive: true });
    writeFileSync(join(copy, "frontend/svelte-app/package-lock.json"), "{}");
    expect(dependencies(at(copy), { ...FAKES, uv: FAKES.uv.replaceAll('"$CALLS"', "/dev/null") }).status).toBe(0);
    expect(JSON.parse(readFileSync(out, "utf8"))).not.toHaveProperty("pages");
  });

  it.each([
    ["a folder that is no checkout", ["--checkout", scratch], {}, "not-a-checkout", "name the folder of a checkout"],
    ["a day that is none", ["--checkout", CHECKOUT, "--as-of", "2026-13-01"], {}, "bad-date", "2026-06-11"],
    ["a day of another kind", ["--checkout", CHECKOUT, "--as-of", "yesterday"], {}, "bad-date", "2026-06-11"],
    [
      "a resolver that finds nothing",
      ["--checkout", CHECKOUT, "--as-of", "2026-06-11"],
      { uv: '[ "$1" = --version ] && exit; echo "no solution found" >&2; exit 1' },
      "program-failed",
      "no solution found",
    ],
    [
      "a program whose imports nobody can know",
      ["--checkout", CHECKOUT, "--as-of", "2026-06-11"],
      { python3: 'echo "main.py:2: imports a module whose name cannot be known beforehand" >&2; exit 1' },
      "program-failed",
      "main.py:2",
    ],
  ])("says what is wrong with %s, and leaves the lock as it was", (_, words, programs, code, text) => {
    const before = JSON.stringify({ asOf: "2026-06-11", images: {} });
    writeFileSync(out, before);
    const { status, stdout, stderr } = dependencies([...words, "--out", out], programs);
    expect(stderr).toContain(code);
    expect(stderr).toContain(text);
    expect(stdout).toBe("");
    expect(status).toBe(1);
    expect(readFileSync(out, "utf8")).toBe(before);
  });

  it.each([
    ["python3", { uv: FAKES.uv, git: FAKES.git, npm: FAKES.npm }, "install Python 3.10"],
    [
      "uv",
      { python3: `[ "$1" = -m ] && exit 1; ${FAKES.python3}`, git: FAKES.git, npm: FAKES.npm },
      "python3 -m pip install uv",
    ],
    ["git", { uv: FAKES.uv, python3: FAKES.python3, npm: FAKES.npm }, "--as-of"],
  ])("says that there is no %s, and what to do", (name, programs, text) => {
    const { status, stderr } = dependencies(
      ["--checkout", CHECKOUT, "--out", join(scratch, "none.json")],
      programs,
      true,
    );
    expect(stderr).toContain(`no-program`);
    expect(stderr).toContain(name);
    expect(stderr).toContain(text);
    expect(status).toBe(1);
    expect(existsSync(join(scratch, "none.json"))).toBe(false);
  });
});

describeWith(["uv", "python"], "lamb-compose dependencies with the real programs", () => {
  it("makes the same lock again as of the same day", () => {
    const out = join(scratch, "again.json");
    expect(dependencies(["--checkout", CHECKOUT, "--as-of", "2026-06-11", "--out", out])).toMatchObject({
      status: 0,
      stderr: "",
    });
    expect(readFileSync(out, "utf8")).toBe(readFileSync(LOCK, "utf8"));
  });
});

describe("the lock that the library brings", () => {
  it("has a hash of every package, for LAMB's three programs, and a lock of the pages", () => {
    expect(Object.keys(SHIPPED_LOCK.images)).toEqual(["lamb", "kb", "libraryManager"]);
    for (const [image, { slim, full }] of Object.entries(SHIPPED_LOCK.images)) {
      for (const each of [...slim, ...full]) {
        expect(each.hashes.length, `${image} ${each.name}`).toBeGreaterThan(0);
        for (const hash of each.hashes) expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
      }
      expect(
        slim.filter(({ source }) => source === true),
        image,
      ).toEqual([]);
      expect(slim.length).toBeLessThanOrEqual(full.length);
    }
    expect(SHIPPED_LOCK.pages).toMatchObject({ lockfileVersion: 3 });
  });

  it("leaves out of the slim images what nothing imports", () => {
    const heavy = ["torch", "transformers", "sentence-transformers", "xgboost", "flask"];
    for (const image of ["lamb", "kb"] as const) {
      const names = (set: "slim" | "full") => SHIPPED_LOCK.images[image]?.[set].map(({ name }) => name) ?? [];
      expect(names("slim").filter((name) => heavy.includes(name))).toEqual([]);
      expect(names("full").filter((name) => heavy.includes(name)).length).toBeGreaterThan(1);
    }
  });

  it("says nothing of where the files were found", () => {
    expect(JSON.stringify(SHIPPED_LOCK)).not.toMatch(/"resolved"|\.whl|\.tgz/);
  });
});
