import { ConstructError } from "../../construct/errors";
import { commentLines } from "../dockerfile/instruction";

/** One version of a package, and the hashes of the files that may be installed of it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** `sha256:…` of each wheel that fits; of the source where there is no wheel. */
  readonly hashes: readonly string[];
  /**
   * The machine, as Python calls it, that alone needs it: `x86_64`, `aarch64`.
   * @default - all
   */
  readonly machine?: string | undefined;
  /**
   * There is no wheel: it is built from its source.
   * @default false
   */
  readonly source?: boolean | undefined;
}

const HASH = /^sha256:[0-9a-f]{64}$/;

/**
 * A requirements file that pip installs with `--require-hashes --no-deps`: exactly these files, or none.
 *
 * @throws ConstructError `bad-requirements-lock` for packages without a hash
 */
export function requirementsText(packages: readonly LockedPackage[], comment: string): string {
  const bad = packages.filter(({ hashes }) => hashes.length === 0 || !hashes.every((hash) => HASH.test(hash)));
  if (bad.length > 0) {
    throw new ConstructError({
      code: "bad-requirements-lock",
      value: bad.map(({ name }) => name).join(", "),
      reason: "have no valid hash: nobody could tell whether the download is what was locked",
      fix: "write the lock again with `lamb-compose dependencies`",
    });
  }
  const entries = packages.map(({ name, version, hashes, machine }) =>
    [
      `${name}==${version}${machine === undefined ? "" : ` ; platform_machine == "${machine}"`}`,
      ...hashes.map((hash) => `--hash=${hash}`),
    ].join(" \\\n    "),
  );
  return `${[...commentLines(comment), ...entries].join("\n")}\n`;
}

/** The packages of a lock that pip must build. */
export function builtFromSource(packages: readonly LockedPackage[]): readonly string[] {
  return packages.filter(({ source }) => source === true).map(({ name }) => name);
}
