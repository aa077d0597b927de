export { type RunOptions, run } from "./cli/run";
export { because, override, reset } from "./construct/annotated";
export { App, type AppProps } from "./construct/app";
export { Artifact, type ArtifactProps } from "./construct/artifact";
export type { Input } from "./construct/binding";
export type { DependencyView } from "./construct/checks/model";
export { ComposeFile, type ComposeFileProps, type DeploymentCheck } from "./construct/compose-file";
export { Config, type ConfigProps } from "./construct/config";
export { DataVolume, type DataVolumeProps } from "./construct/data-volume";
export type { DistinctFrom } from "./construct/env-distinct";
export { EnvVar, type EnvVarProps } from "./construct/env-var";
export { ConstructError, type ConstructErrorDetails, SynthesisError } from "./construct/errors";
export { escapeDollar } from "./construct/escape-dollar";
export type { FileMountOptions } from "./construct/file-resource";
export { Healthcheck, type HealthcheckProps, type HealthcheckTiming } from "./construct/healthcheck";
export { Image, type ImageProps } from "./construct/image/image";
export { ImageLock, type LockedImage } from "./construct/image/lock";
export { Job, type JobProps } from "./construct/job";
export { Logging, type LoggingProps } from "./construct/logging";
export { Network, type NetworkProps } from "./construct/network";
export { Overlay, type OverlayProps } from "./construct/overlay";
export { Port, type PortOptions } from "./construct/port";
export { Relation } from "./construct/relation";
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
export type { Connection } from "./construct/service-lists";
export { type ReloadProps, SettingsFolder, type SettingsFolderProps } from "./construct/settings-folder";
export type { Deployment } from "./construct/synth/deployment";
export type { ResolutionOptions, TracedExplanation } from "./construct/synth/resolution";
export type { Synthesis, SynthesizedFile } from "./construct/synth/synthesis";
export type { SynthOptions } from "./construct/synth/synthesize";
export { type MountOptions, Volume, type VolumeProps } from "./construct/volume";
export { WriteError } from "./disk/error";
export type { Drift, WriteOptions, WriteResult } from "./disk/write";
export { EnvTemplate, type EnvTemplateProps } from "./env/template";
export { BackendAlias } from "./lamb/backend-alias";
export type { CaddyPorts, CaddyTimeouts, LambCaddyfileOptions, LambUpstreams } from "./lamb/caddy/options";
export type { AcmeTls, CaddyTls, CertificateFiles, CertificateTls, InternalTls, ProxiedTls } from "./lamb/caddy/tls";
export { type AcmeCertificates, CaddyOverlay, type CaddyOverlayProps, type OwnCertificate } from "./lamb/caddy-overlay";
export { GpuOverlay, type GpuOverlayProps } from "./lamb/gpu-overlay";
export { OwnershipOverlay } from "./lamb/images/ownership-overlay";
export { SealedOverlay } from "./lamb/images/sealed-overlay";
export { LambStack, type LambStackProps } from "./lamb/lamb-stack";
export { LibraryManager } from "./lamb/library-manager";
export { Ollama, type OllamaProps } from "./lamb/ollama";
export { OuterProxy, type OuterProxyProps } from "./lamb/outer-proxy";
export { type LambImageName, LambRelease, type LambReleaseProps, type LambServiceName } from "./lamb/release";
export { Hardening, type HardeningProps } from "./policy/hardening";
export { Policy, type PolicyProps } from "./policy/policy";
export { PRODUCTION_RULES } from "./policy/production";
export { type Finding, formatFinding, type Severity } from "./report/finding";
export type * from "./spec/generated/types";
export type { ComposeMap, ComposeValue, Scalar, YamlPath } from "./spec/value";
