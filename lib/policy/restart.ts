import { mapOf } from "../spec/value";
import type { ServiceView } from "./service-view";

/** Whether the engine starts a service's container again whenever it ends, by `restart` or by `deploy.restart_policy`. */
export function comesBack({ spec, text }: Pick<ServiceView, "spec" | "text">): boolean {
  const restart = text(spec.restart);
  if (restart !== "") return /^(always|unless-stopped)$/.test(restart);
  const { restart_policy: policy } = mapOf(spec.deploy);
  return policy !== undefined && /^(any|always)$/.test(text(mapOf(policy).condition) || "any");
}
