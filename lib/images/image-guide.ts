import type { Construct } from "constructs";
import { Artifact } from "../construct/artifact";
import { brand } from "../construct/brand";
import type { EnvVar } from "../construct/env-var";
import { madeBy } from "../construct/made-by";
import { guideText, type StaleDocument } from "./guide-text";
import type { ImageWorkflow } from "./image-workflow";

const [mark, isImageGuide] = brand<ImageGuide>("ImageGuide");

/** Which workflow an {@link ImageGuide} explains. */
export interface ImageGuideProps {
  /** The workflow that publishes the images. */
  readonly workflow: ImageWorkflow;
  /**
   * The variable in which a deployment names the version of its images.
   * @default - none: the guide speaks of exact tags
   */
  readonly version?: EnvVar | undefined;
  /**
   * Documents of the repository that the files make wrong.
   * @default - none
   */
  readonly documents?: readonly StaleDocument[] | undefined;
  /**
   * Path of the file below the output directory.
   * @default "Documentation/images.md"
   */
  readonly fileName?: string | undefined;
}

/**
 * The guide to the images of a repository, for those who release and for those who run them: which tag is for whom, how
 * to release, pin, verify and go back. It is written from the workflow and from the tag policy's table.
 */
export class ImageGuide extends Artifact {
  static isImageGuide = isImageGuide;

  constructor(scope: Construct, id: string, props: ImageGuideProps) {
    const { workflow, version, documents = [], fileName = "Documentation/images.md" } = props;
    const { images, registry, repository, defaultBranch, platforms } = workflow;
    super(scope, id, {
      fileName,
      content: () =>
        guideText({
          madeBy: madeBy(this),
          ...{ images, registry, repository, defaultBranch, platforms, version, documents },
          workflow: workflow.fileName,
          tried: workflow.smoke !== undefined,
        }),
    });
    mark(this);
  }
}
