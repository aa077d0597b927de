/**
 * LAMB on one machine with a GPU: models and embeddings stay in the house.
 *
 *   npx tsx examples/gpu.ts
 *   cd compose.out && cp .env.next.example .env       fill in what is empty
 *   docker compose up -d --wait
 *   docker compose exec ollama ollama pull nomic-embed-text
 *
 * Where there is no GPU, take docker-compose.next.gpu.yaml out of COMPOSE_FILE in .env: the rest stays as it is.
 */
import { App, CaddyOverlay, GpuOverlay, LambRelease, LambStack, Ollama, run } from "lamb-compose";

const app = new App();

// Release 0.7 is the first that has a library manager, which belongs to its stack. One variable, LAMB_VERSION, moves all of LAMB's images.
const stack = new LambStack(app, "next", { release: new LambRelease("0.7") });

// Ollama starts with the profile of its name, which the template of the .env enables. Nobody reaches it from outside.
new Ollama(stack);

// Overlays come after what they change. Each is a file of its own, which the operator can leave out.
new GpuOverlay(stack);
new CaddyOverlay(stack, "prod");

run(app);
