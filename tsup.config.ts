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

/** What can be imported: the package itself, and its parts by name. */
export const ENTRIES = ["index", "policy", "env", "images", "lamb", "guides", "compose", "testing", "construct"];

const library: Options = {
  entry: ENTRIES.map((name) => `lib/${name}.ts`),
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
