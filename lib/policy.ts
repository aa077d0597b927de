/**
 * Rules of your own, and the parts of LAMB's: what a rule sees, what it may be made of, and how findings are reported.
 *
 * @packageDocumentation
 */
export type { ImageName } from "./construct/image/name";
export { IMAGE_CAPABILITIES, type NeededCapabilities } from "./policy/image-capabilities";
export type { ImageFact } from "./policy/image-facts";
export { type MountView, mountsOf } from "./policy/mounts";
export { withRules } from "./policy/production";
export { type ReportOptions, reportFindings } from "./policy/report";
export type { ReportFormat } from "./policy/report-format";
export { eachService, type Rule, type Violation } from "./policy/rule";
export { dataKept, type KeptFolder } from "./policy/rules/data-kept";
export { type FixedValue, fixedValues } from "./policy/rules/fixed-values";
export { http3Published } from "./policy/rules/http3-published";
export { lockStep } from "./policy/rules/lock-step";
export { loopbackPorts } from "./policy/rules/loopback-ports";
export { type ConstantProbe, meaningfulHealthcheck } from "./policy/rules/meaningful-healthcheck";
export { neededCapabilities } from "./policy/rules/needed-capabilities";
export { type NeededVariable, neededVariables } from "./policy/rules/needed-variables";
export { noPublicSecret } from "./policy/rules/no-public-secret";
export { outgoingKept } from "./policy/rules/outgoing-kept";
export { publicAddresses } from "./policy/rules/public-addresses";
export { type Reach, reach } from "./policy/rules/reach";
export { requiredSecrets } from "./policy/rules/required-secrets";
export { waitsFor } from "./policy/rules/waits-for";
export {
  type SarifLevel,
  type SarifLocation,
  type SarifLog,
  type SarifMessage,
  type SarifOptions,
  type SarifResult,
  type SarifRule,
  toSarif,
} from "./policy/sarif";
export { type EnvironmentEntry, environmentOf, type ServiceView, servicesOf } from "./policy/service-view";
export type { RuleText } from "./report/finding";
