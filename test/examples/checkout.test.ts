import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../support/tools";
import { filesBelow, runBuilt, sourceOf } from "./program";

const TREE = fileURLToPath(new URL("../engine/checkout", import.meta.url));

/** A checkout of LAMB's shape. */
let checkout = "";
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), "lamb-compose-checkout-"));
  cpSync(TREE, checkout, { recursive: true });
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

it("examples/prod.ts writes nothing into a checkout that has a Dockerfile of somebody's, says which, and takes them over when it may", () => {
  const foreign = ["backend/Dockerfile", ".github/workflows/build-images.yml"].map((path) => join(checkout, path));
  mkdirSync(join(checkout, ".github/workflows"), { recursive: true });
  for (const path of foreign) writeFileSync(path, "somebody's\n");
  const before = filesBelow(checkout);
  const { status, stderr } = runBuilt("prod", ["--out", checkout]);
  expect(stderr).toContain("not-ours");
  expect(stderr).toContain("backend/Dockerfile, .github/workflows/build-images.yml");
  expect(status).toBe(1);
  expect(filesBelow(checkout)).toEqual(before);
  expect(stderr).toContain("--adopt");

  const asked = runBuilt("prod", ["--out", checkout, "--adopt"]);
  expect(asked.status).toBe(1);
  expect(asked.stderr).toContain("nothing was changed: 2 file(s) would be taken over; add --yes");
  expect(asked.stdout).toContain("takes over: backend/Dockerfile\n");
  expect(asked.stdout).toContain("-somebody's\n+");
  expect(filesBelow(checkout)).toEqual(before);

  const adopted = runBuilt("prod", ["--out", checkout, "--adopt", "--yes"]);
  expect(adopted.status).toBe(0);
  expect(adopted.stdout).toContain("-somebody's\n+");
  expect(readFileSync(join(checkout, "backend/Dockerfile"), "utf8")).not.toContain("somebody's");
  expect(runBuilt("prod", ["--out", checkout, "--check"])).toMatchObject({ status: 0 });
  // What is no file is not taken over.
  unlinkSync(join(checkout, "backend/Dockerfile"));
  mkdirSync(join(checkout, "backend/Dockerfile"));
  const folder = runBuilt("prod", ["--out", checkout, "--adopt", "--yes"]);
  expect(folder.status).toBe(1);
  rmSync(checkout, { recursive: true });
  cpSync(TREE, checkout, { recursive: true });
});

it("examples/prod.ts adds what builds the images to a checkout, and touches no file of it", () => {
  const before = filesBelow(checkout);
  expect(runBuilt("prod", ["--out", checkout]).status).toBe(0);
  const after = filesBelow(checkout);
  for (const [path, text] of before) expect(after.get(path), path).toBe(text);
  const added = [...after.keys()].filter((path) => !before.has(path));
  expect(added).toEqual(
    expect.arrayContaining([
      ".github/workflows/build-images.yml",
      "Documentation/images.md",
      "backend/Dockerfile",
      "deploy/package-lock.json",
      "deploy/package.json",
      "deploy/prod.ts",
      "docker-compose.next.gpu.yaml",
      "backend/Dockerfile.dockerignore",
      "docker-compose.next.yaml",
      "lamb-kb-server-stable/Dockerfile",
      "library-manager/Dockerfile",
    ]),
  );
  expect(runBuilt("prod", ["--out", checkout, "--check"])).toMatchObject({ status: 0 });
});

it("what the workflow runs is there: the program as it is, and a lock that npm takes for its package.json", () => {
  const read = (path: string) => readFileSync(join(checkout, path), "utf8");
  expect(read("deploy/prod.ts")).toBe(sourceOf("prod"));
  const workflow = read(".github/workflows/build-images.yml");
  expect(workflow).toContain("npm ci --prefix deploy\n");
  expect(workflow).toContain("npx --prefix deploy tsx deploy/prod.ts --out . --check\n");
  // npm refuses a lock that is not of the package.json beside it, before it fetches anything.
  const words = ["ci", "--prefix", "deploy", "--dry-run", "--offline", "--ignore-scripts"];
  const { status, stdout, stderr } = run("npm", words, { cwd: checkout });
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/added \d+ packages/);
});

it("the guide names the documents that it makes wrong, and says how pins are renewed", () => {
  const guide = readFileSync(join(checkout, "Documentation/images.md"), "utf8");
  expect(guide).toContain("`Documentation/deployNext.md`");
  expect(guide).toContain("## To renew what is pinned");
});
