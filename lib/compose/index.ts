export { type Dotenv, type DotenvEntry, type DotenvOptions, type DotenvProblem, parseDotenv } from "./dotenv";
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
export { isIpAddress, PortError, type PortMapping, parsePorts } from "./ports";
export type { Operator } from "./tokens";
