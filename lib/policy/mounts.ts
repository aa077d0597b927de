import { isMap, listOf } from "../construct/checks/model";
import type { ComposeMap } from "../spec";

/** A mount of a service, whichever form it was written in. */
export interface MountView {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Docker makes a folder of a host path that is missing. */
  readonly createsHostPath: boolean;
  readonly index: number;
}

const HOST_PATH = /^([./~\\]|[A-Za-z]:)/;

/** The mounts of a service. */
export function mountsOf(service: ComposeMap): readonly MountView[] {
  return listOf(service.volumes).map((entry, index) => {
    if (isMap(entry)) {
      const bind = isMap(entry.bind) ? entry.bind : undefined;
      return {
        type: String(entry.type),
        source: String(entry.source ?? ""),
        target: String(entry.target),
        readOnly: entry.read_only === true,
        createsHostPath: entry.type === "bind" && bind?.create_host_path === true,
        index,
      };
    }
    const [source = "", target, options = ""] = String(entry).split(":");
    const isBind = target !== undefined && HOST_PATH.test(source);
    return {
      type: isBind ? "bind" : "volume",
      source: target === undefined ? "" : source,
      target: target ?? source,
      readOnly: options.split(",").includes("ro"),
      createsHostPath: isBind,
      index,
    };
  });
}
