import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { variablesRead } from "../../../lib/operate/dependencies/variables";
import { commandWords } from "../../support/command";
import { describeWith, run } from "../../support/tools";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-variables-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A checkout with these modules of LAMB's backend. */
function checkoutOf(modules: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(scratch, "checkout-"));
  for (const program of ["lamb-kb-server-stable/backend", "library-manager/backend"]) {
    mkdirSync(join(folder, program), { recursive: true });
  }
  for (const [path, text] of Object.entries({ "main.py": "", ...modules })) {
    const file = join(folder, "backend", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

async function readIn(modules: Readonly<Record<string, string>>): Promise<string[]> {
  const [lamb] = await variablesRead(checkoutOf(modules));
  return lamb?.read.map(({ name }) => name) ?? [];
}

describeWith("python", "the variables that a program reads", () => {
  it.each([
    ["os.getenv", 'import os\nos.getenv("A_B")', ["A_B"]],
    ["getenv by itself", 'from os import getenv\ngetenv("A_B", "1")', ["A_B"]],
    ["environ[…]", 'import os\nos.environ["A_B"]', ["A_B"]],
    ["environ.get", 'from os import environ\nenviron.get("A_B")', ["A_B"]],
    ["in environ", 'import os\nif "A_B" in os.environ: pass', ["A_B"]],
    ["a value that is only set", 'import os\nos.environ["A_B"] = "1"', []],
    ["a helper", 'import os\ndef number(name, d):\n  return int(os.getenv(name, d))\nnumber("A_B", 3)', ["A_B"]],
    ["a name of parts", 'import os\ndef f(x):\n  return os.getenv(f"PLUGIN_{x.upper()}")', ["PLUGIN_*"]],
    ["a name that is given before", 'import os\nkey = "A_" + "B"\nos.getenv(key)', ["A_B"]],
    ["a list", 'import os\nall = ["A_B", "C_D"]\n[n for n in all if not os.getenv(n)]', ["A_B", "C_D"]],
    ["a loop of parts", 'import os\nfor s in ("A", "B"):\n  k = f"{s}_LOG"\n  os.environ.get(k, "")', ["*_LOG"]],
    ["another function", 'import os\nos.path.join("A_B")\nsettings.get("C_D")', []],
  ])("are found: %s", async (_, text, names) => {
    expect(await readIn({ "main.py": text })).toEqual(names);
  });

  it("are those of the program, and not of its tests", async () => {
    const text = (name: string) => `import os\nos.getenv("${name}")`;
    const files = {
      "a/b.py": text("IN"),
      "tests/c.py": text("OUT"),
      "a/test_d.py": text("OUT"),
      "scripts/e.py": text("OUT"),
    };
    expect(await readIn(files)).toEqual(["IN"]);
  });

  it("are said where nothing is known of them, by the command", () => {
    const words = (folder: string) => commandWords("variables", "--checkout", folder);
    const checkout = checkoutOf({ "new.py": 'import os\nos.getenv("LAMB_WEB_HOST")\nos.getenv("NEW_THING")' });
    expect(run(process.execPath, words(checkout), { cwd: ROOT })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("lamb: reads 2 variables, 1 unknown\n  NEW_THING at backend/new.py:3\n"),
    });
    const failed = run(process.execPath, words(scratch), { cwd: ROOT });
    expect(failed).toMatchObject({ status: 1, stderr: expect.stringContaining("there is no folder") });
  });
});
