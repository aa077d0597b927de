/**
 * The rules in the order in which somebody would use what they find: first who breaks in, then a failure, then time.
 * What is not a rule, such as a file that Compose refuses, comes before them: with it, nothing runs.
 */
const ORDER: readonly string[] = [
  // What gives the host or the data away to anybody who asks.
  "no-engine-socket",
  "no-public-secret",
  "loopback-ports",
  "no-placeholder",
  "required-secrets",
  "image-pinned",
  // What loses data.
  "data-kept",
  "one-writer",
  "lock-step",
  "no-created-host-path",
  "no-source-mount",
  // What does not work, or stops working.
  "needed-variables",
  "required-not-empty",
  "fixed-values",
  "address-reachable",
  "public-addresses",
  "http3-published",
  "outgoing-kept",
  "image-not-built",
  "needed-capabilities",
  "waits-for",
  "waits-for-health",
  "job-ends",
  "restart-set",
  "healthcheck-present",
  "meaningful-healthcheck",
  "bounded-logs",
  "stop-grace",
  // What makes a break-in worse.
  "reach",
  "no-new-privileges",
  "dropped-capabilities",
  "read-only-root",
  "process-limit",
];

const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((code, index) => [code, index]));

/** How soon something is to be mended: the smaller the number, the sooner. */
export function urgencyOf(code: string): number {
  return RANKS.get(code) ?? -1;
}
