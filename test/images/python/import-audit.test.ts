import { expect, it } from "vitest";
import { z } from "zod";
import { IMPORTS } from "../../../lib/images/generated/programs";
import { describeWith, run } from "../../support/tools";
import { folderOf } from "./support";

const ROWS = z.array(z.object({ module: z.string(), name: z.string().nullable(), places: z.array(z.string()) }));

/** Runs the audit in the folder of a program. */
function audit(files: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const cwd = folderOf({ ...files, ".audit/imports.py": IMPORTS });
  return run("python3", [".audit/imports.py", ...words], { cwd, env: { PYTHONDONTWRITEBYTECODE: "1" } });
}

/** What a program imports of others, `module` or `module:name`. */
function needed(files: Readonly<Record<string, string>>, ...words: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = audit(files, ".", "--entry", "main", "--list", ...words);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return ROWS.parse(JSON.parse(stdout))
    .map(({ module, name }) => (name === null ? module : `${module}:${name}`))
    .sort();
}

describeWith("python", "the audit of imports", () => {
  it("finds them wherever they stand, and not what comes with Python", () => {
    const main = `
import os, sys, json as j
import alpha
from beta.gamma import delta as d, epsilon
try:
    import guarded
except ImportError:
    guarded = None
def later():
    import in_function
class Thing:
    async def method(self):
        from in_method import x
`;
    expect(needed({ "main.py": main })).toEqual(
      ["alpha", "beta.gamma:delta", "beta.gamma:epsilon", "guarded", "in_function", "in_method:x"].sort(),
    );
  });

  it("follows the program's own modules, relative ones and those of packages too, and no others", () => {
    expect(
      needed({
        "main.py": "from parts import one\nimport parts.two\nfrom near import VALUE",
        "near.py": "import by_near\nVALUE = 1",
        "parts/__init__.py": "import by_package",
        "parts/one.py": "from . import three\nfrom .deep.four import x\nfrom ..near import VALUE\nimport by_one",
        "parts/two.py": "import by_two",
        "parts/three.py": "import by_three",
        "parts/deep/four.py": "from ..three import y\nimport by_four",
        "never.py": "import by_never",
        "tests/test_main.py": "import pytest",
      }),
    ).toEqual(["by_four", "by_near", "by_one", "by_package", "by_three", "by_two"]);
  });

  it("does not end where modules import each other", () => {
    expect(needed({ "main.py": "import other\nimport x", "other.py": "import main\nimport y" })).toEqual(["x", "y"]);
  });

  it("looks for own modules in every folder that it is given", () => {
    const files = {
      "app/main.py": "import app.far\nimport z_own",
      "app/far.py": "import by_far",
      "z_own.py": "import by_own",
    };
    const { stdout } = audit(files, "app", ".", "--entry", "main", "--list");
    expect(ROWS.parse(JSON.parse(stdout)).map(({ module }) => module)).toEqual(["by_own", "by_far"]);
  });

  it("passes over what only a type checker or a script imports", () => {
    const main = `
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import for_types
else:
    import for_running
if __name__ == "__main__":
    import for_script
`;
    expect(needed({ "main.py": main })).toEqual(["for_running"]);
  });

  it.each([
    ["a constant", 'importlib.import_module("plugins.one")', ["by_one"]],
    ["a constant, of others", '__import__("elsewhere.x")', ["elsewhere.x"]],
    ["a text with a constant start", 'importlib.import_module(f"plugins.{name}")', ["by_one", "by_two"]],
    ["a text that is added up", 'importlib.import_module("plugins." + name)', ["by_one", "by_two"]],
    ["a text of the old kind", 'importlib.import_module("plugins.%s" % name)', ["by_one", "by_two"]],
  ])("follows dynamic imports: %s", (_, call, expected) => {
    const files = {
      "main.py": `import importlib\ndef load(name):\n    return ${call}\n`,
      "plugins/__init__.py": "",
      "plugins/one.py": "import by_one",
      "plugins/two.py": "import by_two",
    };
    expect(needed(files)).toEqual(expected);
  });

  it("follows a variable to whatever of the program its function names", () => {
    const plugins = {
      "plugins/__init__.py": "",
      "plugins/markup-ingest.py": "import by_hyphen",
      "plugins/inner/one.py": "import by_inner",
      "single.py": "import by_single",
      "other.py": "import by_other",
    };
    const byDefault =
      'import importlib\ndef discover(name="plugins", sep="."):\n    return importlib.import_module(name)\n';
    expect(needed({ ...plugins, "main.py": byDefault })).toEqual(["by_hyphen", "by_inner"]);
    const byList =
      'from importlib import import_module\ndef load():\n    for m in ["single"]:\n        import_module(m)\n';
    expect(needed({ ...plugins, "main.py": byList })).toEqual(["by_single"]);
  });

  it("says so when nobody could know what is imported", () => {
    const main = "import importlib, os\nimportlib.import_module(os.environ['PLUGIN'])\n";
    for (const words of [["--list"], []]) {
      const { status, stderr } = audit({ "main.py": main }, ".", "--entry", "main", ...words);
      expect(stderr).toContain("main.py:2: imports a module whose name cannot be known beforehand");
      expect(status).toBe(1);
    }
  });

  it("knows what some libraries load by themselves", () => {
    const main =
      "from fastapi import UploadFile\nfrom pydantic import EmailStr\nfrom passlib.context import CryptContext";
    expect(needed({ "main.py": main })).toEqual(expect.arrayContaining(["multipart", "email_validator", "bcrypt"]));
    expect(needed({ "main.py": "from fastapi import Depends" })).toEqual(["fastapi:Depends"]);
  });

  it("takes what the command needs beside it", () => {
    expect(needed({ "main.py": "" }, "--needs", "uvicorn")).toEqual(["uvicorn"]);
  });

  it("names the places", () => {
    const files = { "main.py": "import far\nimport x", "far.py": "\n\nimport x" };
    const rows = ROWS.parse(JSON.parse(audit(files, ".", "--entry", "main", "--list").stdout));
    expect(rows).toEqual([{ module: "x", name: null, places: ["main.py:2", "far.py:3"] }]);
  });

  it("is content when all is there, and tells the number", () => {
    const files = { "main.py": "import own\nfrom email.mime import text", "own.py": "" };
    expect(audit(files, ".", "--entry", "main", "--needs", "json.decoder")).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "2 modules, 1 imports of others: all there\n",
    });
  });

  it.each([
    [
      "a module",
      "import missing_one",
      "missing_one cannot be imported: ModuleNotFoundError: No module named 'missing_one'",
    ],
    ["a name of a module", "from vendored import absent", "absent of vendored cannot be imported"],
    ["a module that fails when it is imported", "import broken", "broken cannot be imported: RuntimeError: no licence"],
    ["a module that ends the program", "import ending", "ending cannot be imported: SystemExit: 0"],
  ])("is not content without %s", (_, line, reason) => {
    const cwd = folderOf({
      ".audit/imports.py": IMPORTS,
      "program/main.py": `${line}\nimport missing_two\n`,
      "site/vendored.py": "",
      "site/broken.py": "raise RuntimeError('no licence')",
      "site/ending.py": "raise SystemExit(0)",
    });
    const env = { PYTHONPATH: `${cwd}/site`, PYTHONDONTWRITEBYTECODE: "1" };
    const { status, stderr } = run("python3", [".audit/imports.py", "program", "--entry", "main"], { cwd, env });
    expect(stderr).toContain(`program/main.py:1: ${reason}`);
    expect(stderr).toContain("program/main.py:2: missing_two cannot be imported");
    expect(stderr).toContain("Renew it with lamb-compose dependencies.");
    expect(status).toBe(1);
  });

  it("notes modules of the program's own that are not there: no package would bring them", () => {
    const files = {
      "main.py": "from parts import one\nfrom parts.gone import x\nimport parts.one",
      "parts/one.py": "",
    };
    const { status, stdout, stderr } = audit(files, ".", "--entry", "main");
    expect(stderr).toBe("main.py:2: note: imports parts.gone, which the program itself does not have\n");
    expect(stdout).toContain("all there");
    expect(status).toBe(0);
  });

  it("says that there is no such entry", () => {
    const { status, stderr } = audit({ "main.py": "" }, ".", "--entry", "server");
    expect(stderr).toBe("there is no module server in .\n");
    expect(status).toBe(1);
  });
});
