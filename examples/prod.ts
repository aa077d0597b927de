/**
 * LAMB for production: the stack, Caddy before it with TLS, the guides to it, and what builds and publishes its images.
 *
 *   npx tsx examples/prod.ts                 writes compose.out/
 *   npx tsx examples/prod.ts --out ../lamb   writes into a checkout of LAMB, beside what is there
 *   npx tsx examples/prod.ts --check         says whether compose.out/ is as this program says
 */
import { App, CaddyOverlay, LambStack, run } from "lamb-compose";
import { LambGuides } from "lamb-compose/guides";
import { ImageGuide, ImageWorkflow, LambImages } from "lamb-compose/images";

const app = new App();

// What a server runs: the newest release that is out.
const stack = new LambStack(app, "next");
new CaddyOverlay(stack, "prod");

// What teachers and administrators read: how to install it, how to look after it, how to come from an older one.
new LambGuides(app, "guides", { stack });

// What LAMB's repository holds to build its next release: Dockerfiles, locked dependencies, the workflow and its guide.
const images = new LambImages(app, "images");
const workflow = new ImageWorkflow(app, "workflow", {
  images: images.release.builds,
  registry: images.release.registry,
  repository: "Lamb-Project/lamb",
  program: { command: "npx --prefix deploy tsx deploy/prod.ts" },
  smoke: { file: stack, values: { OWI_ADMIN_EMAIL: "smoke@lamb.test" } },
});
new ImageGuide(app, "guide", { workflow, version: stack.release.versionVariable });

run(app);
