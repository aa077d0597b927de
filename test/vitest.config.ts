import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const lib = (path: string) => fileURLToPath(new URL(`../lib/${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  resolve: {
    alias: [
      { find: /^lamb-compose$/, replacement: lib("index.ts") },
      { find: /^lamb-compose\/([a-z]+)$/, replacement: lib("$1.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    coverage: { include: ["lib/**"], exclude: ["lib/*/generated/**"] },
  },
});
