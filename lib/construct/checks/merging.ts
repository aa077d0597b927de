import type { Finding } from "../../report/finding";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";

/** Files that Compose would refuse to merge. */
export function* merging(deployment: Deployment): Generator<Finding> {
  if (deployment.refusal === undefined) return;
  const fix = "write the value in the form that the file below has, or use override(…)";
  yield inDeployment(deployment, {
    code: "cannot-merge",
    path: [],
    reason: `Compose would say: ${deployment.refusal}`,
    fix,
  });
}
