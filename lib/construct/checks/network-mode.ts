import type { Finding } from "../../report/finding";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { mapOf } from "./model";

/** Services that join networks and take another network namespace at once. */
export function* networkMode(deployment: Deployment): Generator<Finding> {
  for (const [name, value] of Object.entries(deployment.services)) {
    const service = mapOf(value);
    if (service.network_mode === undefined || service.networks === undefined) continue;
    yield inDeployment(deployment, {
      code: "network-mode-and-networks",
      path: ["services", name, "network_mode"],
      reason: "the service has both `network_mode` and `networks`: Compose would refuse the project",
      fix: "leave one of them out",
    });
  }
}
