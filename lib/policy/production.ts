import type { Rule } from "./rule";
import { addressReachable } from "./rules/address-reachable";
import { boundedLogs } from "./rules/bounded-logs";
import { droppedCapabilities } from "./rules/dropped-capabilities";
import { healthcheckPresent } from "./rules/healthcheck-present";
import { imageNotBuilt } from "./rules/image-not-built";
import { imagePinned } from "./rules/image-pinned";
import { jobEnds } from "./rules/job-ends";
import { meaningfulHealthcheck } from "./rules/meaningful-healthcheck";
import { neededCapabilities } from "./rules/needed-capabilities";
import { noCreatedHostPath } from "./rules/no-created-host-path";
import { noEngineSocket } from "./rules/no-engine-socket";
import { noNewPrivileges } from "./rules/no-new-privileges";
import { noPlaceholder } from "./rules/no-placeholder";
import { noPublicSecret } from "./rules/no-public-secret";
import { noSourceMount } from "./rules/no-source-mount";
import { oneWriter } from "./rules/one-writer";
import { processLimit } from "./rules/process-limit";
import { readOnlyRoot } from "./rules/read-only-root";
import { requiredNotEmpty } from "./rules/required-not-empty";
import { requiredSecrets } from "./rules/required-secrets";
import { restartSet } from "./rules/restart-set";
import { stopGrace } from "./rules/stop-grace";
import { waitsForHealth } from "./rules/waits-for-health";

/**
 * What holds for any stack in production. A rule that knows the stack takes the place of the one of the same id, or
 * comes beside them: see `withRules`.
 */
export const PRODUCTION_RULES: readonly Rule[] = [
  imagePinned,
  imageNotBuilt,
  noSourceMount,
  noCreatedHostPath,
  noEngineSocket,
  healthcheckPresent,
  meaningfulHealthcheck(),
  waitsForHealth,
  requiredSecrets(),
  requiredNotEmpty,
  noPublicSecret([]),
  noPlaceholder,
  oneWriter,
  addressReachable,
  restartSet,
  jobEnds,
  stopGrace,
  boundedLogs,
  noNewPrivileges,
  droppedCapabilities,
  neededCapabilities(),
  readOnlyRoot,
  processLimit,
];

/** A set of rules with others: one with the id of a present one takes its place, the rest comes after them. */
export function withRules(rules: readonly Rule[], ...others: readonly Rule[]): readonly Rule[] {
  const byId = new Map([...rules, ...others].map((rule) => [rule.id, rule]));
  return [...byId.values()];
}
