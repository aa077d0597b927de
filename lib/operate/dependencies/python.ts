import { basename, join } from "node:path";
import { readExistingText } from "../../disk/read-file";
import { IMPORTS } from "../../images/generated/programs";
import type { LockedPackage } from "../../images/python/requirements";
import type { ImageSource } from "../../lamb/facts/service";
import type { DependencySet } from "../../lamb/images/locks";
import { inFolder, outputOf, outputOfUv } from "./program";
import { mergedPackages, packagesIn } from "./pylock";
import { importedRequirements, neededImports, requirementLines } from "./requirements";

export interface PythonLockOptions {
  /** Folder of the checkout. */
  readonly checkout: string;
  /** Nothing that was published after the end of this day, in UTC, is taken: `2026-06-11`. */
  readonly asOf: string;
  /** Version of Python. */
  readonly python: string;
  /** Files of the checkout that ask for packages. */
  readonly requirements: readonly string[];
}

/** Machines that images are built for, as Python calls them. */
const MACHINES = ["x86_64", "aarch64"] as const;
/** The C library of the images' base, Debian 12. */
const LIBC = "manylinux_2_36";

/**
 * What a program of a checkout needs, to the version and the hash, for every machine that images are built for.
 *
 * @throws OperateError `no-program`, `program-failed`
 */
export async function pythonLock(
  source: ImageSource,
  set: DependencySet,
  options: PythonLockOptions,
): Promise<readonly LockedPackage[]> {
  const input = set === "slim" ? await slimRequirements(source, options) : undefined;
  const byMachine = new Map<string, readonly LockedPackage[]>();
  for (const machine of MACHINES) {
    const words = resolverWords(source, set, machine, options);
    const pylock = await outputOfUv(words, { cwd: options.checkout, input });
    byMachine.set(machine, packagesIn(pylock));
  }
  return mergedPackages(byMachine);
}

function resolverWords(
  source: ImageSource,
  set: DependencySet,
  machine: string,
  { asOf, python, requirements }: PythonLockOptions,
): readonly string[] {
  const extra = set === "full" && source.extra !== undefined ? ["--extra", source.extra] : [];
  return [
    ...["pip", "compile", ...(set === "slim" ? ["-"] : requirements), ...extra],
    ...["--format", "pylock.toml", "--no-header", "--quiet", "--no-config"],
    ...["--python-version", python, "--python-platform", `${machine}-${LIBC}`],
    ...["--exclude-newer", `${asOf}T23:59:59Z`, "--only-binary", ":all:"],
    ...(source.sourceOnly ?? []).flatMap((name) => ["--no-binary", name]),
  ];
}

/** The requirements that the program's imports need. */
async function slimRequirements(source: ImageSource, { checkout, requirements }: PythonLockOptions): Promise<string> {
  const asked: string[] = [];
  for (const path of requirements) {
    asked.push(...requirementLines(basename(path), await readExistingText(join(checkout, path))));
  }
  const imports = neededImports(await listedImports(source, checkout));
  return importedRequirements(imports, asked).join("\n");
}

function listedImports({ program, modulePath, entry }: ImageSource, checkout: string): Promise<string> {
  const folders = [program, ...modulePath.map((path) => path.checkout)];
  const words = [...folders, "--entry", entry, "--needs", "uvicorn", "--list"];
  const remedy = "install Python 3.10 or later, which reads the imports of the program";
  return inFolder({ "imports.py": IMPORTS }, (folder) =>
    outputOf("python3", [join(folder, "imports.py"), ...words], { cwd: checkout, remedy }),
  );
}
