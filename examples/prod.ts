/**
 * LAMB's next release for production: the stack, with models on the host where they are wanted, Caddy before it with TLS,
 * GPUs, the guides to it, and what builds and publishes its images. In a checkout of LAMB all of it is one pull request.
 *
 *   npx tsx examples/prod.ts                         writes compose.out/
 *   npx tsx examples/prod.ts --out ../lamb --adopt   writes into a checkout of LAMB, and takes over the files there
 *   npx tsx examples/prod.ts --check                 says whether compose.out/ is as this program says
 */
import { existsSync, readFileSync } from "node:fs";
import { App, BackendAlias, CaddyOverlay, GpuOverlay, LambRelease, LambStack, Ollama, run } from "lamb-compose";
import { LambGuides } from "lamb-compose/guides";
import { type DependenciesLock, ImageGuide, ImageWorkflow, LambImages, ProgramFolder } from "lamb-compose/images";

const app = new App({
  header: "Made by `npx --prefix deploy tsx deploy/prod.ts`. Do not edit: change the program and run it again.",
});

// How the sources lie in the checkout and what the images install, as `lamb-compose dependencies --out` of this name found
// it. Without that file: as LAMB's main branch had it when this library was released.
const LOCK = "dependencies.lock.json";
const found = new URL(LOCK, import.meta.url);
const locked = existsSync(found) ? readFileSync(found, "utf8") : undefined;
const lock: DependenciesLock | undefined = locked === undefined ? undefined : JSON.parse(locked);

// This program, and what it needs, in the folder `deploy`: there it is kept, and run again.
const program = new ProgramFolder(app, "deploy", {
  fileName: "prod.ts",
  text: readFileSync(new URL(import.meta.url), "utf8"),
  beside: locked === undefined ? {} : { [LOCK]: locked },
});

// The release that the checkout becomes. One that is out: new LambStack(app, "next").
const stack = new LambStack(app, "next", { release: new LambRelease(LambRelease.upcoming) });
new Ollama(stack);
new BackendAlias(stack.lamb);
new CaddyOverlay(stack, "prod");
// Most hosts have no GPU: who has one names that file in COMPOSE_FILE.
stack.env.leaveOut(new GpuOverlay(stack));

// What teachers and administrators read: how to install it, how to look after it, how to come from an older one.
new LambGuides(app, "guides", { stack });

// Dockerfiles, locked dependencies, the workflow and its guide.
const images = new LambImages(app, "images", { release: stack.release, lock });
const workflow = new ImageWorkflow(app, "workflow", {
  images: images.release.builds,
  registry: images.release.registry,
  repository: "Lamb-Project/lamb",
  program,
  smoke: { file: stack, values: { COMPOSE_PROFILES: "ollama", OWI_ADMIN_EMAIL: "smoke@lamb.test" } },
});
new ImageGuide(app, "guide", {
  workflow,
  version: stack.release.versionVariable,
  documents: images.staleDocuments,
});

run(app);
