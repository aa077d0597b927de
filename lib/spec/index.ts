export type * from "./generated/types";
export { keyOrder } from "./place";
export type { SchemaProblem } from "./problem";
export { validate } from "./validate";
export type { ComposeMap, ComposeValue, Scalar, YamlPath } from "./value";
export { formatPath } from "./value";
