export { type RunOptions, run } from "./cli/run";
export { Commented, type ComposeTag, Tagged, type YamlNode, type YamlNodeMap } from "./compose/emit/emit";
export { Annotated, because, replace, reset } from "./construct/annotated";
export { App } from "./construct/app";
export { Artifact, type ArtifactProps } from "./construct/artifact";
export {
  BIND,
  type Bindable,
  type BindableProps,
  type Binding,
  type Input,
  type Use,
  type VolumeUse,
} from "./construct/binding";
export type { DependencyView } from "./construct/checks/model";
export { ComposeConstruct } from "./construct/compose-construct";
export { ComposeFile, type ComposeFileProps, type DeploymentCheck } from "./construct/compose-file";
export { Config, type ConfigProps } from "./construct/config";
export { DATA_GENERATION, DataVolume } from "./construct/data-volume";
export type { Comparison, DistinctFrom } from "./construct/env-distinct";
export { EnvVar, type EnvVarProps } from "./construct/env-var";
export { ConstructError, type ConstructErrorDetails, SynthesisError } from "./construct/errors";
export type { FileMountOptions } from "./construct/file-resource";
export { Healthcheck, type HealthcheckProps, type HealthcheckTiming } from "./construct/healthcheck";
export { Image, type ImageProps } from "./construct/image/image";
export { ImageLock, type LockedImage } from "./construct/image/lock";
export type { ImageName } from "./construct/image/name";
export type { FixedByLock, ImageUse, Unlocked } from "./construct/image/use";
export type { Connection } from "./construct/join";
export { literal } from "./construct/literal";
export { Logging, type LoggingProps } from "./construct/logging";
export { Network, type NetworkProps } from "./construct/network";
export { Overlay, type OverlayProps } from "./construct/overlay";
export { Port, type PortOptions } from "./construct/port";
export { Relation } from "./construct/relation";
export { Resource, type ResourceSection } from "./construct/resource";
export { Secret, type SecretProps } from "./construct/secret";
export {
  type DependencyCondition,
  type DependencyOptions,
  type RestartPolicy,
  Service,
  type ServiceListKey,
  type ServiceMount,
  type ServiceProps,
} from "./construct/service";
export { ServiceOverride } from "./construct/service-override";
export { SettingsFolder, type SettingsFolderProps } from "./construct/settings-folder";
export { SynthesisContext } from "./construct/synth/context";
export { Deployment } from "./construct/synth/deployment";
export type { Miss } from "./construct/synth/patch";
export { type Mention, Register, Renderer } from "./construct/synth/render";
export { RenderedFile } from "./construct/synth/rendered-file";
export type { ResolutionOptions, TracedExplanation } from "./construct/synth/resolution";
export { Synthesis, type SynthesizedFile } from "./construct/synth/synthesis";
export type { SynthOptions } from "./construct/synth/synthesize";
export { type MountOptions, Volume, type VolumeProps } from "./construct/volume";
export { WriteError } from "./disk/error";
export type { Drift, WriteOptions, WriteResult } from "./disk/write";
export {
  type CheckEnvOptions,
  checkEnv,
  type EnvProblem,
  type EnvProblemCode,
  formatEnvProblem,
} from "./env/check";
export {
  type EnvContract,
  type EnvContractDistinction,
  type EnvContractFile,
  type EnvContractOptions,
  type EnvContractProfile,
  type EnvContractVariable,
  envContract,
  type RetiredVar,
} from "./env/contract";
export { type EnvAddition, type EnvInit, type EnvInitOptions, initEnv } from "./env/init";
export { EnvTemplate, type EnvTemplateProps } from "./env/template";
export { BackendAlias } from "./lamb/backend-alias";
export type { CaddyTimeouts, LambCaddyfileOptions, LambUpstreams } from "./lamb/caddy/options";
export type { AcmeTls, CaddyTls, CertificateFiles, CertificateTls, InternalTls, ProxiedTls } from "./lamb/caddy/tls";
export { CaddyOverlay, type CaddyOverlayProps, type OwnCertificate } from "./lamb/caddy-overlay";
export { GpuOverlay, type GpuOverlayProps } from "./lamb/gpu-overlay";
export { KbService, type KbServiceProps } from "./lamb/kb-service";
export { LambService, type LambServiceProps } from "./lamb/lamb-service";
export { LambStack, type LambStackProps } from "./lamb/lamb-stack";
export { LibraryManager } from "./lamb/library-manager";
export { Ollama, type OllamaProps } from "./lamb/ollama";
export { OpenWebUi, type OpenWebUiProps } from "./lamb/open-webui";
export { type LambImage, LambRelease, type LambReleaseProps } from "./lamb/release";
export { LAMB_RULES } from "./lamb/rules";
export * as variables from "./lamb/variables";
export { Hardening, type HardeningProps } from "./policy/hardening";
export { IMAGE_CAPABILITIES, type NeededCapabilities } from "./policy/image-capabilities";
export type { ImageFact } from "./policy/image-facts";
export { type MountView, mountsOf } from "./policy/mounts";
export { Policy, type PolicyProps } from "./policy/policy";
export { production, withRules } from "./policy/production";
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
export { type EnvironmentEntry, environmentOf, type ServiceView, servicesOf } from "./policy/service-view";
export { type Finding, formatFinding, type RuleText, type Severity } from "./report/finding";
export { type ReportFormat, reportFindings } from "./report/report";
export {
  type SarifLevel,
  type SarifLocation,
  type SarifLog,
  type SarifMessage,
  type SarifOptions,
  type SarifResult,
  type SarifRule,
  toSarif,
} from "./report/sarif";
export type * from "./spec";
