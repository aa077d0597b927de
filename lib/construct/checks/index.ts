import type { Finding } from "../../report/finding";
import type { Deployment } from "../synth/deployment";
import type { RenderedFile } from "../synth/rendered-file";
import { hostPorts } from "./host-ports";
import { builtAndPinned, images } from "./images";
import { mounts } from "./mounts";
import { names } from "./names";
import { patches } from "./patches";
import { profiles } from "./profiles";
import { readiness } from "./readiness";
import { schema } from "./schema";
import { tags } from "./tags";
import { templates } from "./templates";
import { words } from "./words";

/** What is checked of each file by itself. */
export const FILE_CHECKS: readonly ((rendered: RenderedFile) => Iterable<Finding>)[] = [
  names,
  schema,
  patches,
  tags,
  templates,
  images,
  mounts,
  words,
];

/** What is checked of each list of files that Compose merges. */
export const DEPLOYMENT_CHECKS: readonly ((deployment: Deployment) => Iterable<Finding>)[] = [
  builtAndPinned,
  hostPorts,
  profiles,
  readiness,
];
