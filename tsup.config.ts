import { copyFile } from "node:fs/promises";
import { defineConfig, type Options } from "tsup";

const common: Options = { target: "node20", platform: "neutral", external: [/^node:/], splitting: true };

/** White space goes, names stay: Node.js loads the package in half the time, and stack traces can be read. */
const esm: Options = {
  ...common,
  format: ["esm"],
  esbuildOptions(options) {
    options.minifySyntax = true;
    options.minifyWhitespace = true;
  },
};

/** Rollup writes the CommonJS files: tsup's own transformation breaks classes that are on one line. */
const cjs: Options = { ...common, format: ["cjs"], treeshake: true };

const library: Options = {
  entry: { index: "lib/index.ts", compose: "lib/compose.ts", images: "lib/images.ts", testing: "lib/testing.ts" },
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
};

export default defineConfig([
  {
    ...esm,
    ...library,
    onSuccess: () => copyFile("lib/spec/generated/compose-spec.json", "dist/compose-spec.json"),
  },
  { ...cjs, ...library },
  { ...esm, entry: { cli: "lib/cli/main.ts" } },
]);
