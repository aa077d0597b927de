import { App, LambRelease, LambStack } from "lamb-compose";
import { ImageGuide, ImageWorkflow, type ImageWorkflowProps } from "lamb-compose/images";
import { readWorkflow, type Workflow } from "./github";

export const WORKFLOW_FILE = ".github/workflows/build-images.yml";
export const GUIDE_FILE = "Documentation/images.md";

/** The program of LAMB's repository: the stack, the workflow that builds its images, and the guide to them. */
export function lambImages(app: App, props: Partial<ImageWorkflowProps> = {}): ImageWorkflow {
  const release = new LambRelease("0.7");
  const stack = new LambStack(app, "next", { release });
  const workflow = new ImageWorkflow(app, "images", {
    images: release.builds,
    registry: release.registry,
    repository: "Lamb-Project/lamb",
    smoke: { file: stack, values: { OWI_ADMIN_EMAIL: "smoke@lamb.test" } },
    ...props,
  });
  new ImageGuide(app, "guide", { workflow, version: release.versionVariable });
  return workflow;
}

/** The text of LAMB's workflow. */
export function lambWorkflowText(props: Partial<ImageWorkflowProps> = {}): string {
  const app = new App();
  const { fileName } = lambImages(app, props);
  return app.synth().assertValid().files.get(fileName) ?? "";
}

/** The same as data. */
export function lambWorkflow(props: Partial<ImageWorkflowProps> = {}): Workflow {
  return readWorkflow(lambWorkflowText(props));
}
