import { App, CaddyOverlay, LambStack } from "lamb-compose";

/** The deployment: change it here, never in the files that it becomes. */
export function deployment(): App {
  const app = new App();
  const stack = new LambStack(app, "next");
  new CaddyOverlay(stack, "prod");
  return app;
}
