import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));
const lib = (path: string) => join(root, "lib", path);

/** Files that put something in the place of a module: they need modules of their own. */
const mocking = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .map((path) => join("test", path))
  .filter((path) => /\bvi\.(?:mock|doMock|resetModules|hoisted)\(/.test(readFileSync(join(root, path), "utf8")));

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^lamb-compose$/, replacement: lib("index.ts") },
      { find: /^lamb-compose\/([a-z]+)$/, replacement: lib("$1.ts") },
    ],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // By itself vitest leaves a processor idle, half of a small machine. More than one for each: many tests wait for programs.
    maxWorkers: "150%",
    slowTestThreshold: 5_000,
    coverage: { include: ["lib/**"], exclude: ["lib/*/generated/**"] },
    projects: [
      {
        // The modules of the library are loaded once a worker, and not once a file.
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: mocking,
          isolate: false,
          globalSetup: ["test/setup.ts"],
          // What one file changed, the next one does not meet.
          unstubEnvs: true,
          restoreMocks: true,
        },
      },
      { extends: true, test: { name: "mocked", include: mocking } },
    ],
  },
});
