import type { Deployment } from "../construct/synth/deployment";
import type { ComposeMap } from "../spec";
import { mapOf } from "../spec/value";
import type { ServiceView } from "./service-view";

/** The words of a service's probe; none when the file has no probe, or turns it off. */
export function probeOf({ healthcheck }: ComposeMap): readonly string[] {
  const { disable, test } = mapOf(healthcheck);
  if (disable === true || test === undefined || test === null) return [];
  const words = Array.isArray(test) ? test.map(String) : ["CMD-SHELL", String(test)];
  return words[0] === "NONE" || words[1] === "NONE" ? [] : words;
}

/** Whether a service says when it is ready: by a probe of the file, or by one of its image that the file leaves on. */
export function reportsHealth({ name, spec }: Pick<ServiceView, "name" | "spec">, deployment: Deployment): boolean {
  if (probeOf(spec).length > 0) return true;
  const { disable, test } = mapOf(spec.healthcheck);
  return disable !== true && (test === undefined || test === null) && deployment.imageHasHealthcheck(name);
}
