import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { layoutOf } from "../../../lib/operate/dependencies/layout";

const PLAIN = fileURLToPath(new URL("../../engine/checkout", import.meta.url));
const WORKSPACE = fileURLToPath(new URL("../../engine/checkout-workspace", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-layout-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A checkout that has its own value for some files; `null` takes a file or folder away. */
function checkout(change: Readonly<Record<string, string | null>>, base: readonly string[] = [PLAIN]): string {
  const folder = mkdtempSync(join(scratch, "checkout-"));
  for (const each of base) cpSync(each, folder, { recursive: true });
  for (const [path, text] of Object.entries(change)) {
    if (text === null) rmSync(join(folder, path), { recursive: true });
    else {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  return folder;
}

const NO_APPLICATION = { "frontend/svelte-app": null };
const workspace = (change: Readonly<Record<string, string | null>> = {}) =>
  checkout({ ...change }, [checkout(NO_APPLICATION), WORKSPACE]);

describe("the layout of a checkout", () => {
  it("is one application, one file of requirements each, and Python 3.11, as LAMB has had it so far", async () => {
    expect(await layoutOf(PLAIN)).toEqual({
      images: {
        lamb: { python: "3.11", requirements: ["backend/requirements.txt"] },
        kb: { python: "3.11", requirements: ["lamb-kb-server-stable/backend/requirements.txt"] },
        libraryManager: { python: "3.11", requirements: ["library-manager/pyproject.toml"] },
      },
      workspace: undefined,
    });
  });

  it("is a workspace with the application at the root of the site first, and requirements in several files", async () => {
    const { images, workspace: found } = await layoutOf(workspace());
    expect(images.lamb.requirements).toEqual(["backend/requirements-base.txt", "backend/requirements-ml.txt"]);
    expect(found).toEqual({
      pnpm: "10.34.0",
      packages: ["packages/a-chat", "packages/creator-app", "packages/ui"],
      apps: ["packages/creator-app", "packages/a-chat"],
      versioned: ["packages/ui"],
    });
  });

  it.each([
    ["the file of pyenv", { "backend/.python-version": "3.12.4\n" }, { lamb: "3.12", kb: "3.11" }],
    ["the file of pyenv for all", { ".python-version": "3.13\n" }, { lamb: "3.13", kb: "3.13" }],
    [
      "the Dockerfile that is there",
      { "backend/Dockerfile": "ARG NODE_IMAGE=node:20\nARG PYTHON_IMAGE=python:3.12-slim\n" },
      { lamb: "3.12", kb: "3.11" },
    ],
    [
      "a plain FROM",
      { "lamb-kb-server-stable/Dockerfile": "FROM docker.io/python:3.12 AS b\n" },
      { lamb: "3.11", kb: "3.12" },
    ],
    [
      "a version that is an argument",
      {
        "backend/Dockerfile": 'ARG PYTHON_VERSION="3.12"\nFROM python:${PYTHON_VERSION}-slim\n',
        "lamb-kb-server-stable/Dockerfile": "ARG OTHER=1\nFROM python:${V:-3.13}-slim\n",
      },
      { lamb: "3.12", kb: "3.13" },
    ],
  ])("has the Python of %s", async (_, change, { lamb, kb }) => {
    const { images } = await layoutOf(checkout(change));
    expect([images.lamb.python, images.kb.python]).toEqual([lamb, kb]);
  });

  it.each([
    [
      "files that one includes",
      {
        "backend/requirements.txt": "-r requirements/all.txt\n",
        "backend/requirements/all.txt": "a\n--requirement ../b.txt\n",
        "backend/b.txt": "b\n",
      },
      ["backend/requirements.txt", "backend/requirements/all.txt", "backend/b.txt"],
    ],
    [
      "one that asks for something, whatever lies beside it",
      { "backend/requirements-ml.txt": "torch\n" },
      ["backend/requirements.txt"],
    ],
    [
      "those beside one that is not there",
      {
        "backend/requirements.txt": null,
        "backend/requirements-base.txt": "a\n",
        "backend/requirements-test.txt": "b\n",
      },
      ["backend/requirements-base.txt"],
    ],
    [
      "a file that includes itself",
      { "backend/requirements.txt": "a\n-r requirements.txt\n" },
      ["backend/requirements.txt"],
    ],
  ])("has the requirements of %s", async (_, change: Readonly<Record<string, string | null>>, files) => {
    expect((await layoutOf(checkout(change))).images.lamb.requirements).toEqual(files);
  });

  const other = { "frontend/packages/other/package.json": "{}" };
  it.each([
    [
      "no pages at all",
      () => checkout({ ...NO_APPLICATION, "frontend/README.md": "" }),
      ["frontend has neither svelte-app/package.json nor pnpm-workspace.yaml"],
    ],
    [
      "both kinds of pages",
      () => checkout({}, [PLAIN, WORKSPACE]),
      ["frontend has both svelte-app/package.json and pnpm-workspace.yaml"],
    ],
    [
      "nothing that becomes pages",
      () => workspace({ "frontend/packages/creator-app": null, "frontend/packages/a-chat": null, ...other }),
      ["no package of frontend/pnpm-workspace.yaml is built with @sveltejs/adapter-static"],
    ],
    [
      "another manager of packages",
      () => workspace({ "frontend/package.json": '{"packageManager": "yarn@4.0.0"}' }),
      ["frontend/package.json names yarn@4.0.0, and only pnpm is known"],
    ],
    [
      "patterns that leave the folder",
      () => workspace({ "frontend/pnpm-workspace.yaml": "packages: ['../x', 'packages/**']" }),
      ["the pattern ../x", "the pattern packages/**"],
    ],
    [
      "a package that cannot be read",
      () => workspace({ "frontend/packages/ui/package.json": "{" }),
      ["frontend/packages/ui/package.json cannot be read"],
    ],
    [
      "requirements that ask for nothing, and nothing else",
      () =>
        checkout({
          "backend/requirements.txt": "# none\n",
          "backend/requirements-dev.txt": "a\n",
          "library-manager/pyproject.toml": null,
        }),
      [
        "neither backend/requirements.txt nor a requirements-….txt beside it asks for a package",
        "library-manager/pyproject.toml is missing",
      ],
    ],
  ])("is refused with all that is wrong: %s", async (_, make, reasons) => {
    const error = await layoutOf(make()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "unknown-layout" });
    for (const reason of reasons) expect(String(error)).toContain(reason);
  });
});
