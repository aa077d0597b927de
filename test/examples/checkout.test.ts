import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { filesBelow, runExample } from "./program";

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
  const { status, stderr } = runExample("prod", ["--out", checkout]);
  expect(stderr).toContain("not-ours");
  expect(stderr).toContain("backend/Dockerfile, .github/workflows/build-images.yml");
  expect(status).toBe(1);
  expect(filesBelow(checkout)).toEqual(before);
  expect(stderr).toContain("--adopt");

  const asked = runExample("prod", ["--out", checkout, "--adopt"]);
  expect(asked.status).toBe(1);
  expect(asked.stderr).toContain("nothing was changed: 2 file(s) would be taken over; add --yes");
  expect(asked.stdout).toContain("takes over: backend/Dockerfile\n");
  expect(asked.stdout).toContain("-somebody's\n+");
  expect(filesBelow(checkout)).toEqual(before);

  const adopted = runExample("prod", ["--out", checkout, "--adopt", "--yes"]);
  expect(adopted.status).toBe(0);
  expect(adopted.stdout).toContain("-somebody's\n+");
  expect(readFileSync(join(checkout, "backend/Dockerfile"), "utf8")).not.toContain("somebody's");
  expect(runExample("prod", ["--out", checkout, "--check"])).toMatchObject({ status: 0 });
  // What is no file is not taken over.
  unlinkSync(join(checkout, "backend/Dockerfile"));
  mkdirSync(join(checkout, "backend/Dockerfile"));
  const folder = runExample("prod", ["--out", checkout, "--adopt", "--yes"]);
  expect(folder.status).toBe(1);
  rmSync(checkout, { recursive: true });
  cpSync(TREE, checkout, { recursive: true });
});

it("examples/prod.ts adds what builds the images to a checkout, and touches no file of it", () => {
  const before = filesBelow(checkout);
  expect(runExample("prod", ["--out", checkout]).status).toBe(0);
  const after = filesBelow(checkout);
  for (const [path, text] of before) expect(after.get(path), path).toBe(text);
  const added = [...after.keys()].filter((path) => !before.has(path));
  expect(added).toEqual(
    expect.arrayContaining([
      ".github/workflows/build-images.yml",
      "Documentation/images.md",
      "backend/Dockerfile",
      "backend/Dockerfile.dockerignore",
      "docker-compose.next.yaml",
      "lamb-kb-server-stable/Dockerfile",
      "library-manager/Dockerfile",
    ]),
  );
  expect(runExample("prod", ["--out", checkout, "--check"])).toMatchObject({ status: 0 });
});
