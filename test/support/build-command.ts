import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The command in files of its own, which start in a quarter of the time that the sources take. */
export interface BuiltCommand {
  /** What Node.js is given. */
  readonly main: string;
  /** Where programs are that were built beside it, each at its own path, which ends with `.js`. */
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/**
 * Builds the command where it finds its dependencies.
 *
 * @param programs paths of others that are built with it. Each takes itself for its source: where it lies, what it is called.
 */
export async function buildCommand(programs: readonly string[] = []): Promise<BuiltCommand> {
  const folder = join(ROOT, "node_modules", ".cache", `lamb-compose-test-${process.pid}`);
  const entry = Object.fromEntries(programs.map((path) => [path.replace(/\.ts$/, ""), join(ROOT, path)]));
  const built = new Map(programs.map((path) => [join(ROOT, path), join(folder, path.replace(/\.ts$/, ".js"))]));
  await build({
    ...{ config: false, silent: true, format: ["esm"], target: "node20", splitting: true },
    entry: { cli: join(ROOT, "lib/cli/main.ts"), ...entry },
    outDir: folder,
    esbuildPlugins: [
      {
        name: "own place",
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const file = built.get(path);
            if (file === undefined) return undefined;
            const text = (await readFile(path, "utf8")).replaceAll("import.meta.url", quoted(pathToFileURL(path).href));
            const called = `if (process.argv[1] === ${quoted(file)}) process.argv[1] = ${quoted(path)};`;
            return { contents: `${called}\n${text}`, loader: "ts" };
          }),
      },
    ],
  });
  return { main: join(folder, "cli.js"), folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
