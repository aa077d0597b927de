import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Checkout, workspaceLock, workspaceTree } from "./checkout";
import { must } from "./run";

describeWith(["docker-engine", "docker-buildx"], "an image of a checkout whose pages are a workspace of pnpm", () => {
  let tree: string;
  let checkout: Checkout;
  let image = "";
  beforeAll(async () => {
    tree = await workspaceTree();
    checkout = await Checkout.create(tree, await workspaceLock(tree));
    // What a developer's checkout has beside the sources.
    await checkout.put("frontend/packages/creator-app/.env", "SECRET=of-the-developer");
    await checkout.put("frontend/packages/creator-app/static/config.js", "window.LAMB_CONFIG = {};");
    await checkout.put("frontend/packages/creator-app/node_modules/vite/index.js", "throw new Error();");
    image = await checkout.buildImage(checkout.images.lamb.build);
  }, 400_000);
  afterAll(async () => {
    if (image !== "") await must("docker", ["image", "rm", "--force", image]);
    await checkout?.remove();
    await rm(tree, { recursive: true, force: true });
  });

  it("has a Dockerfile that BuildKit has nothing against", async () => {
    const { stdout, stderr } = await checkout.check(checkout.images.lamb.build);
    expect(`${stdout}${stderr}`).toContain("Check complete, no warnings found.");
  });

  it("has each application where the site has it, with the version, and with the settings that are written at the start", async () => {
    const script = [
      "cd /app/frontend/build",
      "find . -name index.html -o -name config.js | sort",
      "readlink config.js m/chat/config.js",
      "cat app/immutable/*/*.js | grep -c '0\\.7\\.3.*0123456'",
      "cat m/chat/app/immutable/*/*.js | grep -c '0\\.7\\.3.*0123456'",
      "grep -rl 'of.a.developer\\|of-the-developer' . || true",
    ].join(" && ");
    const { stdout } = await must("docker", ["run", "--rm", "--entrypoint", "sh", image, "-c", script]);
    expect(stdout.trim().split("\n")).toEqual([
      ...["./config.js", "./index.html", "./m/chat/config.js", "./m/chat/index.html"],
      ...["/run/lamb/config.js", "/run/lamb/config.js"],
      ...["1", "1"],
    ]);
  });

  it("fails the build when one of the files asks for another version than is locked", async () => {
    const path = "backend/requirements-ml.txt";
    await checkout.put(path, "MarkupSafe==2.0\n");
    const { code, stderr } = await checkout.build(checkout.images.lamb.build, "--target", "dependencies");
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/requirements-ml\.txt asks for markupsafe==2\.0, and the lock has 3/i);
  });
});
