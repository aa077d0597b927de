import type { Finding } from "../../report/finding";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { mapOf } from "./model";

/** Two services with one container name: the engine would refuse the second. */
export function* containerNames(deployment: Deployment): Generator<Finding> {
  const first = new Map<string, string>();
  for (const [name, value] of Object.entries(deployment.services)) {
    const container = mapOf(value).container_name;
    if (typeof container !== "string") continue;
    const text = deployment.expand(container);
    const other = first.get(text);
    first.set(text, other ?? name);
    if (other === undefined) continue;
    yield inDeployment(deployment, {
      code: "duplicate-container-name",
      path: ["services", name, "container_name"],
      value: JSON.stringify(text),
      reason: `is the container name of ${other} already`,
      fix: "leave container_name out: Compose makes names that do not collide",
    });
  }
}
