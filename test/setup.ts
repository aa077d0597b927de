import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import type { TestProject } from "vitest/node";
import type {} from "./support/command";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Builds the command for the tests that start it, and removes it afterwards. It lies where it finds its dependencies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outDir = join(ROOT, "node_modules", ".cache", `lamb-compose-test-${process.pid}`);
  const entry = { cli: join(ROOT, "lib/cli/main.ts") };
  await build({ config: false, silent: true, entry, outDir, format: ["esm"], target: "node20", splitting: true });
  project.provide("command", join(outDir, "cli.js"));
  return () => rm(outDir, { recursive: true, force: true });
}
