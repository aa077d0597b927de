import type { Construct } from "constructs";
import { Artifact } from "../construct/artifact";
import { madeBy } from "../construct/made-by";
import type { Finding } from "../report/finding";
import { stageProblems } from "./dockerfile/checks";
import { dockerfileText, stagesOf } from "./dockerfile/file";
import type { Stage } from "./dockerfile/stage";

/** Where a {@link Dockerfile} is written, and what stands above it. */
export interface DockerfileProps {
  /** Path below the output directory, such as `backend/Dockerfile`. */
  readonly fileName: string;
  /** The stage that becomes the image. The file holds it and every stage that it needs. */
  readonly target: Stage;
  /**
   * What the image is, at the top of the file.
   * @default - none
   */
  readonly description?: string | undefined;
}

/**
 * A Dockerfile, written from its stages.
 *
 * @see Dockerfile reference
 */
export class Dockerfile extends Artifact {
  readonly target: Stage;

  constructor(scope: Construct, id: string, { fileName, target, description }: DockerfileProps) {
    super(scope, id, {
      fileName,
      content: (context) =>
        dockerfileText({
          header: [madeBy(this), ...(description === undefined ? [] : ["", description])].join("\n"),
          target: this.target,
          pinned: (reference) => context.pinned(reference),
        }),
    });
    this.target = target;
  }

  /** The stages of the file, in its order. */
  get stages(): readonly Stage[] {
    return stagesOf(this.target);
  }

  override findings(): readonly Finding[] {
    return stageProblems(this.stages).map((problem) => ({
      ...problem,
      construct: this.node.path,
      file: this.fileName,
    }));
  }
}
