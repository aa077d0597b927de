import { Image } from "lamb-compose";
import { BaseImage, Dockerfile, type DockerfileProps, type Stage } from "lamb-compose/images";
import { synthesize } from "lamb-compose/testing";

/** An image to build upon. */
export const base = new BaseImage("BASE_IMAGE", new Image("debian", { tag: "12" }));

/** What a program with one Dockerfile makes of it. */
export function dockerfileOf(target: Stage, props: Partial<DockerfileProps> = {}) {
  const synthesis = synthesize((app) => new Dockerfile(app, "image", { fileName: "Dockerfile", target, ...props }));
  return { text: synthesis.files.get("Dockerfile") ?? "", findings: synthesis.findings };
}
