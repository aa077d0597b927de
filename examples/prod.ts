/**
 * LAMB for production: the stack, and Caddy before it with TLS.
 *
 *   npx tsx examples/prod.ts                 writes compose.out/
 *   npx tsx examples/prod.ts --check         says whether compose.out/ is as this program says
 */
import { App, CaddyOverlay, LambStack, run } from "lamb-compose";

const app = new App();
const stack = new LambStack(app, "next");
new CaddyOverlay(stack, "prod");

await run(app);
