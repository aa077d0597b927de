import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { builtProgram } from "../support/command";
import { type Run, run } from "../support/tools";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = join(ROOT, "examples");

/** The names of the programs that people copy. */
export const EXAMPLES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -3))
  .sort();

/** Where the files of an example are kept. */
export function goldenOf(example: string): string {
  return join(ROOT, "test", "golden", example);
}

/** The text of the program. */
export function sourceOf(example: string): string {
  return readFileSync(join(FOLDER, `${example}.ts`), "utf8");
}

/** Runs an example as its user does, with `npx tsx examples/<name>.ts …` in the clone. */
export function runExample(example: string, words: readonly string[]): Run {
  return run("npx", ["tsx", `examples/${example}.ts`, ...words], { cwd: ROOT });
}

/** The same as it was built for this run of the tests: npx and the sources take longer to start than the program to run. */
export function runBuilt(example: string, words: readonly string[]): Run {
  return run(process.execPath, [builtProgram(`examples/${example}.ts`), ...words], { cwd: ROOT });
}

/** The text of every file below a folder, by its path there. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
