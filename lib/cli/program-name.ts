import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

/**
 * A program as its files name it: its path below the folder with its `package.json`, so that it is the same from
 * wherever the program is run. `undefined` for what is no program of somebody's own, such as a runner of tests.
 */
export function programName(path: string | undefined): string | undefined {
  if (path === undefined || path.split(sep).includes("node_modules")) return undefined;
  let folder = dirname(path);
  while (!existsSync(join(folder, "package.json"))) {
    if (dirname(folder) === folder) return basename(path);
    folder = dirname(folder);
  }
  return relative(folder, path).split(sep).join("/");
}
