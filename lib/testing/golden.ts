import type { Synthesis } from "../construct/synth/synthesis";
import type { Drift } from "../disk/write";
import { hideFromNode, QuotingError } from "../report/errors";

/** How a result is compared with its golden files. */
export interface GoldenOptions {
  /**
   * Write the files instead of comparing them. Refused where the environment has `CI`: there nobody would look at them.
   * @default - whether the environment has UPDATE_GOLDEN=1
   */
  readonly update?: boolean | undefined;
}

/** What became of the comparison: the files are the same, or were made the same. */
export type GoldenResult = "same" | "updated";

/** The files of a program are not its golden files. */
export class GoldenError extends QuotingError {
  override readonly name = "GoldenError";

  constructor(
    /** `golden-differs`, or `golden-update-in-ci`. */
    readonly code: "golden-differs" | "golden-update-in-ci",
    message: string,
    /** Every file that differs. */
    readonly drifts: readonly Drift[] = [],
  ) {
    super(message);
    hideFromNode(this, "drifts");
  }
}

/**
 * Compares all files of a synthesis with those in a directory, byte by byte. A directory holds the files of one
 * program under their own names, and a record of what was written there.
 *
 * To accept a new result: run the tests with UPDATE_GOLDEN=1, and read what version control says changed.
 *
 * @throws GoldenError `golden-differs` with a unified diff of every file; `golden-update-in-ci`
 * @throws SynthesisError when the synthesis has errors
 * @throws WriteError when an update would overwrite a file that no synthesis wrote
 */
export async function expectGolden(
  synthesis: Synthesis,
  directory: string,
  options: GoldenOptions = {},
): Promise<GoldenResult> {
  const { env } = await import("node:process");
  const update = options.update ?? (env.UPDATE_GOLDEN === "1" || env.UPDATE_GOLDEN === "true");
  if (!update) {
    const drifts = await synthesis.check(directory);
    if (drifts.length > 0)
      throw new GoldenError("golden-differs", messageOf(drifts, directory, synthesis.files.size), drifts);
    return "same";
  }
  if ((env.CI ?? "") !== "") {
    throw new GoldenError(
      "golden-update-in-ci",
      `${directory} is not updated where CI is set: accept it on your machine`,
    );
  }
  await synthesis.write(directory, { overwriteEdited: true });
  return "updated";
}

function messageOf(drifts: readonly Drift[], directory: string, count: number): string {
  const isNew = drifts.length === count && drifts.every(({ kind }) => kind === "missing");
  if (isNew) return `no golden files yet in ${directory}; to write the program's, run again with UPDATE_GOLDEN=1`;
  const files = drifts.length === 1 ? "1 file is" : `${drifts.length} files are`;
  const diffs = drifts.map(({ path, kind, diff }) => `${kind}: ${path}\n${diff}`);
  return `${files} not as in ${directory}; to accept the program's, run again with UPDATE_GOLDEN=1\n\n${diffs.join("\n")}`;
}
