export {
  type Dotenv,
  type DotenvEntry,
  type DotenvOptions,
  type DotenvProblem,
  parseDotenv,
} from "./compose/dotenv/dotenv";
export { type Advice, ComposeError, type ComposeErrorCode } from "./compose/error";
export { type Diff, diff, type FieldChange } from "./compose/inspect/diff";
export type { Effect, EffectKind } from "./compose/inspect/effects";
export type { Explanation, Place, UsedVariable } from "./compose/inspect/explain";
export { type KeyNeed, type Needs, needs } from "./compose/inspect/needs";
export { type Reading, type ReadingOptions, readings } from "./compose/inspect/readings";
export type { FileAccess, FileInput, TreeInput } from "./compose/loader/files";
export { listVariables, type Project, resolve } from "./compose/project";
export { parseRange, type VersionRange } from "./compose/range";
export type { ResolveOptions } from "./compose/resolve";
export {
  type Interpolated,
  type InterpolateOptions,
  InterpolationError,
  interpolate,
  type Lookup,
  type Reference,
  type References,
  references,
} from "./compose/template/interpolate";
export type { Operator } from "./compose/template/tokens";
export type { Variable } from "./compose/template/variables";
export type { Origin } from "./compose/tree/node";
export { isIpAddress, type ParsePortsOptions, PortError, type PortMapping, parsePorts } from "./compose/types/ports";
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
} from "./compose/version";
export type { ComposeMap, ComposeValue, Scalar } from "./spec/value";
