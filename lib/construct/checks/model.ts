import type { ComposeMap, ComposeValue } from "../../spec";
import { isMap, listOf, mapOf } from "../../spec/value";

/** Reads parts of a service that the specification lets people write in more than one form. */

/** Shared by all that is absent: checks look at every key of every service. */
const NO_NAMES: readonly string[] = [];

/** Names in a list, or keys of a mapping. */
export function namesIn(value: ComposeValue | undefined): readonly string[] {
  if (value === undefined || value === null) return NO_NAMES;
  return isMap(value) ? Object.keys(value) : listOf(value).map(String);
}

/** What a service waits for, and which of its keys says so. */
export interface DependencyView {
  readonly name: string;
  readonly condition: string;
  /** Without the other one this one does not start. */
  readonly required: boolean;
  readonly key: string;
}

/** Keys that share something of another service: `service:NAME`. */
const SHARING = ["network_mode", "ipc", "pid", "uts", "cgroup"] as const;
/** Keys that list other services, with more behind a colon. */
const LINKING = ["links", "volumes_from"] as const;

/** Name and condition of each dependency, implicit ones included. */
export function dependenciesOf(service: ComposeMap): readonly DependencyView[] {
  const found: DependencyView[] = [];
  const declared = service.depends_on;
  for (const name of namesIn(declared)) {
    const entry = mapOf(isMap(declared) ? declared[name] : undefined);
    const condition = String(entry.condition ?? "service_started");
    found.push({ name, condition, required: entry.required !== false, key: "depends_on" });
  }
  for (const key of SHARING) {
    const value = service[key];
    if (typeof value === "string" && value.startsWith("service:")) {
      found.push({ name: value.slice(8), condition: "service_started", required: true, key });
    }
  }
  for (const key of LINKING) {
    for (const entry of namesIn(service[key])) {
      const [name = ""] = entry.split(":");
      if (name !== "container") found.push({ name, condition: "service_started", required: true, key });
    }
  }
  return found;
}
