import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type GetModuleInfo, type OutputOptions, rollup } from "rollup";
import { ENTRIES } from "./tsup.config";

/**
 * Puts the small files that tsup made of the ES modules together into few large ones: Node.js takes about half a
 * millisecond for each, whatever its size.
 */

const DIST = "dist";

/** It turns on Node's cache of compiled code, which holds for what is read after it: nothing may be put into its file. */
const COMMAND = join(process.cwd(), DIST, "cli.js");

/** The file of a chunk → the file from which everything is in it that is loaded at once. The first chunk has it. */
type Chunks = Readonly<Record<string, string>>;

/** Everything that loading a file loads at once, and the file itself unless it is the command. */
function loadedBy(file: string, infoOf: GetModuleInfo): Set<string> {
  const seen = new Set<string>();
  const open = [file];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const info = infoOf(id);
    if (seen.has(id) || info === null || info.isExternal) continue;
    seen.add(id);
    open.push(...info.importedIds);
  }
  seen.delete(COMMAND);
  return seen;
}

async function gather(entries: readonly string[], chunks: Chunks, chunkFileNames: string) {
  const at = (name: string) => join(process.cwd(), DIST, name);
  let parts: readonly (readonly [name: string, files: ReadonlySet<string>])[] | undefined;
  const bundle = await rollup({
    input: entries.map((name) => at(`${name}.js`)),
    external: (id) => !/^[./]/.test(id),
    treeshake: false,
    onLog: (level, { code, message }) => {
      // The parts of a chunk may import each other; what one of them does not use of Node.js, another one does.
      if (code !== "CIRCULAR_DEPENDENCY" && code !== "UNUSED_EXTERNAL_IMPORT") throw new Error(`${level}: ${message}`);
    },
  });
  const output: OutputOptions = {
    chunkFileNames,
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks: (id, { getModuleInfo }) => {
      parts ??= Object.entries(chunks).map(([name, file]) => [name, loadedBy(at(file), getModuleInfo)]);
      return parts.find(([, files]) => files.has(id))?.[0];
    },
  };
  return { bundle, output: { ...output, dir: DIST } };
}

const made = await readdir(DIST);
const config = made.find((name) => /^config-(?!command)\w+\.js$/.test(name));
if (config === undefined) throw new Error("there is no file of `lamb-compose config`");
const gathered = [
  await gather(ENTRIES, { resolution: "compose.js", synthesis: "index.js" }, "[name].js"),
  await gather(["cli"], { start: "cli.js", config }, "cli-[name].js"),
];
await Promise.all(made.filter((name) => name.endsWith(".js")).map((name) => rm(join(DIST, name))));
for (const { bundle, output } of gathered) await bundle.write(output);
