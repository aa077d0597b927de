import type { Deployment } from "../deployment";
import type { Finding } from "../finding";
import { inDeployment } from "./check";

/** Files that Compose would refuse to merge. */
export function* merging(deployment: Deployment): Generator<Finding> {
  if (deployment.refusal === undefined) return;
  const fix = "write the value in the form that the file below has, or use replace(…)";
  yield inDeployment(deployment, {
    code: "cannot-merge",
    path: [],
    reason: `Compose would say: ${deployment.refusal}`,
    fix,
  });
}
