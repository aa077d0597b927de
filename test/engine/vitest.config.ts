import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { Lanes } from "./lanes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What needs a running Docker Engine: one file at a time, for they share the machine's ports.
 * `--shard=1/2` takes a part of them, to run beside the other one on an engine of its own. */
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
    sequence: { sequencer: Lanes },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
