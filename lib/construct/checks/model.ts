import type { ComposeMap, ComposeValue } from "../../spec";

/** Reads parts of a service that the specification lets people write in more than one form. */

export function isMap(value: ComposeValue | undefined): value is ComposeMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function mapOf(value: ComposeValue | undefined): ComposeMap {
  return isMap(value) ? value : {};
}

export function listOf(value: ComposeValue | undefined): readonly ComposeValue[] {
  return Array.isArray(value) ? value : [];
}

/** Names in a list, or keys of a mapping. */
export function namesIn(value: ComposeValue | undefined): readonly string[] {
  return isMap(value) ? Object.keys(value) : listOf(value).map(String);
}

/** Name and condition of each dependency, implicit ones included. */
export function dependenciesOf(
  service: ComposeMap,
): readonly { readonly name: string; readonly condition: string; readonly key: string }[] {
  const declared = service.depends_on;
  const explicit = namesIn(declared).map((name) => {
    const entry = isMap(declared) ? mapOf(declared[name]) : {};
    return { name, condition: String(entry.condition ?? "service_started"), key: "depends_on" };
  });
  const shared = ["network_mode", "ipc", "pid", "uts", "cgroup"].flatMap((key) => {
    const value = service[key];
    return typeof value === "string" && value.startsWith("service:")
      ? [{ name: value.slice(8), condition: "service_started", key }]
      : [];
  });
  const linked = (["links", "volumes_from"] as const).flatMap((key) =>
    namesIn(service[key]).flatMap((entry) => {
      const [name = ""] = entry.split(":");
      return name === "container" ? [] : [{ name, condition: "service_started", key }];
    }),
  );
  return [...explicit, ...shared, ...linked];
}

/** Names of the named volumes that a service mounts. */
export function volumesOf(service: ComposeMap): readonly string[] {
  return listOf(service.volumes).flatMap((mount) => {
    if (isMap(mount)) return mount.type === "volume" && typeof mount.source === "string" ? [mount.source] : [];
    const [source = "", target] = String(mount).split(":");
    return target === undefined || /^[./~\\$]/.test(source) || source.length < 2 ? [] : [source];
  });
}

/** Names of the configs or secrets that a service uses. */
export function filesOf(service: ComposeMap, section: "configs" | "secrets"): readonly string[] {
  return listOf(service[section]).map((entry) => String(isMap(entry) ? entry.source : entry));
}

/** Names of the services whose images a build reads as additional contexts. */
export function contextsOf(build: ComposeMap): readonly string[] {
  const contexts = build.additional_contexts;
  const sources = isMap(contexts)
    ? Object.values(contexts)
    : listOf(contexts).map((entry) => String(entry).split("=")[1]);
  return sources.flatMap((source) => (String(source).startsWith("service:") ? [String(source).slice(8)] : []));
}

/** Name of the service of the same file that a service extends. */
export function extendedBy({ extends: extended }: ComposeMap): readonly string[] {
  if (typeof extended === "string") return [extended];
  const { file, service } = mapOf(extended);
  return file === undefined && typeof service === "string" ? [service] : [];
}
