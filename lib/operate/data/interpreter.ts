import type { Docker } from "../engine/docker";

/** A program that runs programs, by the names that images have for it. */
interface Interpreter {
  readonly names: readonly string[];
  /** A program that ends well in a good one. */
  readonly probe: string;
}

export const PYTHON: Interpreter = {
  names: ["python3", "python"],
  probe: "import fcntl, sqlite3, sys; sys.exit(sys.version_info < (3, 7))",
};

/** With all that the copier of the shell calls. */
export const SHELL: Interpreter = {
  names: ["sh"],
  probe:
    "for tool in cmp cp cut df du find rm sha256sum tail tar tr wc; do command -v $tool >/dev/null || exit 1; done",
};

/** The first image, and the program in it, that a probe finds good. */
export async function interpreterIn(
  docker: Docker,
  images: readonly string[],
  { names, probe }: Interpreter,
): Promise<readonly [image: string, interpreter: string] | undefined> {
  for (const image of images) {
    for (const name of names) {
      const alone = ["run", "--rm", "--pull", "never", "--network", "none", "--entrypoint", name];
      if ((await docker.run([...alone, image, "-c", probe])).code === 0) return [image, name];
    }
  }
  return undefined;
}
