import { copyFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";

const common: Options = {
  target: "node20",
  platform: "neutral",
  external: [/^node:/],
  splitting: true,
  treeshake: true,
};

export default defineConfig([
  {
    ...common,
    entry: { index: "lib/index.ts", compose: "lib/compose/index.ts", testing: "lib/testing.ts" },
    format: ["esm", "cjs"],
    dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
    onSuccess: () => copyFile("lib/spec/generated/compose-spec.json", "dist/compose-spec.json"),
  },
  { ...common, entry: { cli: "lib/cli/main.ts" }, format: ["esm"] },
]);
