import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { App, run } from "lamb-compose";
import { type DependenciesLock, LambImages } from "lamb-compose/images";
import { afterAll, describe, expect, it } from "vitest";
import { layoutOf } from "../../../lib/operate/dependencies/layout";
import { capturedStreams } from "../../support/streams";

const PLAIN = fileURLToPath(new URL("../../engine/checkout", import.meta.url));
const WORKSPACE = fileURLToPath(new URL("../../engine/checkout-workspace", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-fits-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const streams = capturedStreams();

function copyOf(...trees: readonly string[]): string {
  const folder = mkdtempSync(join(scratch, "checkout-"));
  for (const tree of trees) cpSync(tree, folder, { recursive: true });
  return folder;
}

function workspace(): string {
  const folder = copyOf(PLAIN);
  rmSync(join(folder, "frontend/svelte-app"), { recursive: true });
  cpSync(WORKSPACE, folder, { recursive: true });
  return folder;
}

/** Runs a program that writes Dockerfiles: its exit code, and what it said. */
async function written(out: string, lock?: DependenciesLock) {
  const app = new App();
  new LambImages(app, "images", { lock });
  Object.assign(streams, { stdout: "", stderr: "" });
  process.exitCode = undefined;
  await run(app, { args: ["--out", out] });
  return { code: process.exitCode, ...streams };
}

describe("Dockerfiles beside the sources that they are for", () => {
  it("are written where the sources lie as the locked dependencies say, and where there are none", async () => {
    expect(await written(copyOf(PLAIN))).toMatchObject({ code: 0, stderr: "" });
    expect(await written(mkdtempSync(join(scratch, "out-")))).toMatchObject({ code: 0, stderr: "" });
  });

  it("are not written beside a workspace when they are for one application: all that differs is said", async () => {
    const checkout = workspace();
    writeFileSync(join(checkout, ".python-version"), "3.12\n");
    const before = readdirSync(checkout, { recursive: true });
    const { code, stderr } = await written(checkout);
    expect(code).toBe(1);
    expect(stderr).toContain("other-layout");
    expect(stderr).toContain("lamb runs on Python 3.12, and not on 3.11");
    expect(stderr).toContain("backend/requirements-base.txt, backend/requirements-ml.txt, and not in backend/req");
    expect(stderr).toMatch(/its pages are a workspace of packages\/a-chat, .*, and not one application/);
    expect(stderr).toContain(`lamb-compose dependencies --checkout ${checkout} --out dependencies.lock.json`);
    expect(readdirSync(checkout, { recursive: true })).toEqual(before);
  });

  it("are written there with the lock that was made of it, and not beside one application", async () => {
    const { images, workspace: pages } = await layoutOf(workspace());
    const nothing = { slim: [], full: [] };
    const lock: DependenciesLock = {
      asOf: "2026-06-11",
      python: "3.11",
      images: { lamb: { ...nothing, ...images.lamb }, kb: nothing, libraryManager: nothing },
      workspace: { packages: [], apps: [], versioned: [], ...pages, pnpm: { version: "10.34.0", lock: {} } },
    };
    expect(await written(workspace(), lock)).toMatchObject({ code: 0, stderr: "" });
    expect(await written(copyOf(PLAIN), lock)).toMatchObject({ code: 1 });
  });

  it("are not written beside sources of a layout that is not known", async () => {
    const checkout = copyOf(PLAIN);
    rmSync(join(checkout, "frontend/svelte-app/package.json"));
    const { code, stderr } = await written(checkout);
    expect(code).toBe(1);
    expect(stderr).toContain("frontend has neither svelte-app/package.json nor pnpm-workspace.yaml");
  });
});
