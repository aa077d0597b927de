import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const lib = (path: string) => fileURLToPath(new URL(`../lib/${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  resolve: {
    alias: [
      { find: /^lamb-compose$/, replacement: lib("index.ts") },
      { find: /^lamb-compose\/compose$/, replacement: lib("compose/index.ts") },
      { find: /^lamb-compose\/images$/, replacement: lib("images.ts") },
      { find: /^lamb-compose\/testing$/, replacement: lib("testing.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    coverage: { include: ["lib/**"], exclude: ["lib/spec/generated/**"] },
  },
});
