import { refusedPath } from "../../disk/output-path";
import type { Finding } from "../../report/finding";
import type { SynthesizedFile } from "../synth/synthesis";

/** Two files with one path, a file where another one needs a folder, and paths that are none or lead elsewhere. */
export function* paths(files: readonly SynthesizedFile[]): Generator<Finding> {
  const first = new Map<string, string>();
  const folders = new Map(files.flatMap(({ path }) => foldersOf(path).map((folder) => [folder, path] as const)));
  for (const { path, construct } of files) {
    const problem = { severity: "error", construct, file: path, value: JSON.stringify(path) } as const;
    const reason = refusedPath(path);
    if (reason !== undefined) {
      const fix = "give a path below the output directory, such as docs/guide.md";
      yield { ...problem, code: "invalid-file-name", reason, fix };
    }
    const other = first.get(path);
    first.set(path, other ?? construct);
    if (other !== undefined) {
      yield {
        ...problem,
        code: "duplicate-file",
        reason: `is the path of the file of ${other} already`,
        fix: "pass another `fileName`",
      };
    }
    const inside = folders.get(path);
    if (inside !== undefined) {
      yield {
        ...problem,
        code: "file-and-folder",
        reason: `is also the folder of another file, ${inside}`,
        fix: "pass another `fileName`",
      };
    }
  }
}

/** The folders that a path goes through. Those of a path that is refused anyway do not matter. */
function foldersOf(path: string): readonly string[] {
  const steps = path.split("/");
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join("/"));
}
