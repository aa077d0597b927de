import type { Project } from "../../compose/project";
import type { VersionRange } from "../../compose/range";
import type { Drift, WriteOptions, WriteResult } from "../../disk/write";
import type { Finding } from "../../report/finding";
import { SynthesisError } from "../errors";
import type { SynthesisContext } from "./context";
import type { Deployment } from "./deployment";
import type { ResolutionOptions, TracedExplanation } from "./resolution";

/** A file of the result. */
export interface SynthesizedFile {
  /** Path below the output directory, with `/` between folders. */
  readonly path: string;
  /** Path of the construct that it comes from. */
  readonly construct: string;
  readonly text: string;
}

/**
 * The result of a program: its files as text, and everything that is wrong with them.
 *
 * @example
 * ```ts
 * const synthesis = app.synth();
 * for (const finding of synthesis.findings) console.error(formatFinding(finding));
 * await synthesis.assertValid().write("compose.out");
 * ```
 */
export class Synthesis {
  /** Path → text, in the order of the program. */
  readonly files: ReadonlyMap<string, string>;

  constructor(
    files: readonly SynthesizedFile[],
    /** Everything that is wrong or worth saying, errors and warnings. */
    readonly findings: readonly Finding[],
    /** The finished Compose files as data. */
    readonly context: SynthesisContext,
    /** The files that Compose merges, in each way that the program puts them together. */
    readonly deployments: readonly Deployment[],
    /** The releases of Docker Compose that the files are for. */
    readonly compose: VersionRange,
  ) {
    this.files = new Map(files.map(({ path, text }) => [path, text]));
  }

  /** The findings that keep the result from being written. */
  get errors(): readonly Finding[] {
    return this.findings.filter(({ severity }) => severity === "error");
  }

  /**
   * Returns the synthesis itself when nothing is wrong with it.
   *
   * @throws SynthesisError with all findings when one of them is an error
   */
  assertValid(): this {
    if (this.errors.length > 0) throw new SynthesisError(this.findings);
    return this;
  }

  /**
   * The project that Compose would run: what `docker compose config` prints of the files, in the oldest release of the
   * program's range.
   *
   * @throws ConstructError `no-such-deployment`; ComposeError with Compose's words when it would refuse the files
   */
  async resolve(options: ResolutionOptions = {}): Promise<Project> {
    const { deploymentOf, resolveDeployment } = await import("./resolution");
    return resolveDeployment(deploymentOf(this.deployments, options.files), this, options);
  }

  /**
   * Where each value at or below a path of the project comes from: construct, file and line, variable, rule.
   *
   * @param path such as `services.openwebui.ports`
   */
  async explain(path: string, options: ResolutionOptions = {}): Promise<readonly TracedExplanation[]> {
    const { deploymentOf, explainDeployment, resolveDeployment } = await import("./resolution");
    const deployment = deploymentOf(this.deployments, options.files);
    return explainDeployment(deployment, resolveDeployment(deployment, this, options), path);
  }

  /**
   * Writes the files below a directory: all of them or none. Removes what an earlier synthesis wrote there and this one
   * does not have. Files that an earlier synthesis did not write are never touched.
   *
   * @throws SynthesisError when there are errors
   * @throws WriteError `not-ours`, `edited`, `outside`, `not-a-directory`, `bad-manifest`, `cannot-read`, `cannot-write`:
   * nothing was changed; `half-done`: what was left over could not be removed, or a failed write not undone
   */
  async write(directory: string, options: WriteOptions = {}): Promise<WriteResult> {
    this.assertValid();
    const { write } = await import("../../disk/write");
    return write(this.files, directory, options);
  }

  /**
   * Compares the files below a directory with this result. Writes nothing.
   *
   * @returns one entry for each file that is missing, different or left over; none when all is as it should be
   * @throws SynthesisError when there are errors
   */
  async check(directory: string): Promise<readonly Drift[]> {
    this.assertValid();
    const { check } = await import("../../disk/write");
    return check(this.files, directory);
  }
}
