import type { Finding } from "../../report/finding";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { mapOf } from "./model";

/** What a service is started from. One that extends another may have it from there. */
const STARTED_FROM = ["image", "build", "provider", "extends"] as const;

/** Services that nothing could be started from. */
export function* runnable(deployment: Deployment): Generator<Finding> {
  for (const [name, value] of Object.entries(deployment.services)) {
    const service = mapOf(value);
    if (STARTED_FROM.some((key) => service[key] !== undefined)) continue;
    yield inDeployment(deployment, {
      code: "no-image",
      path: ["services", name],
      reason: "the service has no image, no build and no provider: Compose would refuse the project",
      fix: "give it an image",
    });
  }
}
