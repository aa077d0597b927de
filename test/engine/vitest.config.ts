import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What needs a running Docker Engine: one file at a time, for they share the machine's ports. */
export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^lamb-compose$/, replacement: `${root}lib/index.ts` },
      { find: /^lamb-compose\/([a-z]+)$/, replacement: `${root}lib/$1.ts` },
    ],
  },
  test: {
    include: ["test/engine/**/*.engine.ts"],
    globalSetup: ["test/engine/setup.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
