import type { Finding } from "../finding";
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
];

/** Two files with one path, and paths that are none or lead elsewhere. */
export function* paths(files: readonly SynthesizedFile[]): Generator<Finding> {
  const first = new Map<string, string>();
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
  }
}
