import { defineConfig } from "tsup";

/** `yaml` is bundled: as one file it loads four times faster, and only its parser is used. */
export default defineConfig({
  entry: { index: "lib/index.ts", compose: "lib/compose/index.ts", testing: "lib/testing.ts" },
  format: ["esm", "cjs"],
  target: "node20",
  platform: "neutral",
  external: [/^node:/],
  noExternal: ["yaml"],
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  splitting: true,
  treeshake: true,
  clean: true,
});
