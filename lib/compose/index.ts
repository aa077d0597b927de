export type { ComposeMap, ComposeValue, Scalar } from "../spec/value";
export { type Diff, diff, type FieldChange } from "./diff";
export { type Dotenv, type DotenvEntry, type DotenvOptions, type DotenvProblem, parseDotenv } from "./dotenv";
export type { Effect, EffectKind } from "./effects";
export { ComposeError, type ComposeErrorCode } from "./error";
export type { Explanation, Place, UsedVariable } from "./explain";
export type { FileAccess, FileInput } from "./files";
export {
  type Interpolated,
  type InterpolateOptions,
  InterpolationError,
  interpolate,
  type Lookup,
  type Reference,
  type References,
  references,
} from "./interpolate";
export type { Origin } from "./node";
export { isIpAddress, PortError, type PortMapping, type PortOptions, parsePorts } from "./ports";
export { listVariables, type Project, resolve } from "./project";
export { type Reading, readings } from "./readings";
export type { ResolveOptions } from "./resolve";
export type { Operator } from "./tokens";
export type { Variable } from "./variables";
export {
  type Behaviour,
  behaviourOf,
  compareVersions,
  NEWEST,
  OLDEST,
  releaseOf,
  releases,
  STANDARD,
  type Version,
  VersionError,
} from "./version";
