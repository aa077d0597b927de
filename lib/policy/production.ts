import type { Rule } from "./rule";
import { boundedLogs } from "./rules/bounded-logs";
import { droppedCapabilities } from "./rules/dropped-capabilities";
import { healthcheckPresent } from "./rules/healthcheck-present";
import { imageNotBuilt } from "./rules/image-not-built";
import { imagePinned } from "./rules/image-pinned";
import { noCreatedHostPath } from "./rules/no-created-host-path";
import { noNewPrivileges } from "./rules/no-new-privileges";
import { noSourceMount } from "./rules/no-source-mount";
import { oneWriter } from "./rules/one-writer";
import { processLimit } from "./rules/process-limit";
import { readOnlyRoot } from "./rules/read-only-root";
import { requiredSecrets } from "./rules/required-secrets";
import { restartSet } from "./rules/restart-set";
import { stopGrace } from "./rules/stop-grace";
import { waitsForHealth } from "./rules/waits-for-health";

/**
 * What holds for any stack in production. Rules that need to know the stack come beside it: `loopbackPorts(isProxy)`,
 * `noPublicSecret(list)`, `reach(table)`, `lockStep(isOfFamily)`.
 */
export const production: readonly Rule[] = [
  imagePinned,
  imageNotBuilt,
  noSourceMount,
  noCreatedHostPath,
  healthcheckPresent,
  waitsForHealth,
  requiredSecrets,
  oneWriter,
  restartSet,
  stopGrace,
  boundedLogs,
  noNewPrivileges,
  droppedCapabilities,
  readOnlyRoot,
  processLimit,
];
