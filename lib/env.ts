/**
 * The `.env` of a deployment as functions on data: what it must hold, whether it does, and one that is filled in.
 *
 * @packageDocumentation
 */
export type { Comparison } from "./construct/env-distinct";
export type { SecretForm } from "./construct/secret-form";
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
  type LeftOutVar,
  type RetiredVar,
} from "./env/contract";
export { type EnvAddition, type EnvInit, type EnvInitOptions, initEnv } from "./env/init";
export type { EnvContractLimit } from "./env/limits";
