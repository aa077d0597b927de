import { MANIFEST } from "../../disk/reserved-names";
import type { Finding } from "../finding";
import { ImageLock } from "../image-lock";
import type { SynthesizedFile } from "../synthesis";

/** What a path below the output directory must not be. */
const REFUSED: readonly { readonly is: (path: string) => boolean; readonly reason: string }[] = [
  { is: (path) => path === "" || path.endsWith("/"), reason: "is not the path of a file" },
  {
    is: (path) => /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes(".."),
    reason: "leads out of the output directory",
  },
  {
    is: (path) => path.includes("\\") || path.split("/").some((part) => part === "" || part === "."),
    reason: "is not written plainly, with single `/` between folders",
  },
  { is: (path) => /\p{Cc}/u.test(path), reason: "has control characters" },
  { is: (path) => path === MANIFEST, reason: "is the record of what was written" },
  { is: (path) => path === ImageLock.fileName, reason: "is the lock, which `lamb-compose lock` writes" },
];

/** Two files with one path, a file where another one needs a folder, and paths that are none or lead elsewhere. */
export function* paths(files: readonly SynthesizedFile[]): Generator<Finding> {
  const first = new Map<string, string>();
  const folders = new Map(files.flatMap(({ path }) => foldersOf(path).map((folder) => [folder, path] as const)));
  for (const { path, construct } of files) {
    const problem = { severity: "error", construct, file: path, value: JSON.stringify(path) } as const;
    const refused = REFUSED.find(({ is }) => is(path));
    if (refused !== undefined) {
      const fix = "give a path below the output directory, such as docs/guide.md";
      yield { ...problem, code: "invalid-file-name", reason: refused.reason, fix };
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
        reason: `is the folder of another file, ${inside}, too`,
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
