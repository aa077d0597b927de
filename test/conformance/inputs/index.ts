import type { Case } from "../case";
import { CANONICAL, DEFAULTS, SCHEMA } from "./canonical";
import { CONTAINERS } from "./containers";
import { DOTENV, INTERPOLATION } from "./interpolation";
import { MERGE, RESET, UNICITY } from "./merge";
import { CONSISTENCY, DECODE, FLAGS, YAML_OUTPUT } from "./model";
import { ENV_FILES, EXTENDS, INCLUDE, NORMALIZE, SELECTION } from "./projects";
import { YAML } from "./yaml";

/** Group, which is also the recorded file's name → its cases. */
export const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  yaml: YAML,
  interpolation: INTERPOLATION,
  dotenv: DOTENV,
  merge: MERGE,
  unicity: UNICITY,
  reset: RESET,
  canonical: CANONICAL,
  defaults: DEFAULTS,
  schema: SCHEMA,
  extends: EXTENDS,
  include: INCLUDE,
  selection: SELECTION,
  "env-files": ENV_FILES,
  normalize: NORMALIZE,
  decode: DECODE,
  "yaml-output": YAML_OUTPUT,
  consistency: CONSISTENCY,
  flags: FLAGS,
  containers: CONTAINERS,
};
