import type { Deployment } from "../deployment";
import type { Finding } from "../finding";
import { inDeployment } from "./check";
import { mapOf } from "./model";

/** Services that nothing could be started from. */
export function* runnable(deployment: Deployment): Generator<Finding> {
  for (const [name, value] of Object.entries(deployment.services)) {
    const { image, build, provider } = mapOf(value);
    if (image !== undefined || build !== undefined || provider !== undefined) continue;
    yield inDeployment(deployment, {
      code: "no-image",
      path: ["services", name],
      reason: "the service has no image, no build and no provider: Compose would refuse the project",
      fix: "give it an image",
    });
  }
}
