/** The program of a repository whose images lie in the local registry: run by the smoke test of its own workflow. */
import { App, LambRelease, LambStack, run } from "lamb-compose";
import { ImageWorkflow } from "lamb-compose/images";
import { PROGRAM, TEST_REGISTRY } from "./workflow-registry";

const app = new App();
const release = new LambRelease("0.6", { registry: TEST_REGISTRY });
const stack = new LambStack(app, "next", { release });
new ImageWorkflow(app, "images", {
  images: release.builds,
  registry: release.registry,
  repository: "Lamb-Project/lamb",
  program: PROGRAM,
  smoke: {
    file: stack,
    // Ports that no other test takes.
    values: { OWI_ADMIN_EMAIL: "smoke@lamb.test", LAMB_PORT: "29099", KB_PORT: "29090", OPENWEBUI_PORT: "28080" },
  },
});

await run(app);
