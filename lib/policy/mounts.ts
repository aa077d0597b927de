import { parseVolume, VolumeError } from "../compose/types/volumes";
import { memoize } from "../construct/memoize";
import { isMap, listOf, mapOf } from "../spec/value";
import type { ServiceView } from "./service-view";

/** A mount of a service, whichever form it was written in, variables at their defaults. */
export interface MountView {
  /** `volume`, `bind`, `tmpfs`, … */
  readonly type: string;
  /** Name of a volume or path of the host. Empty for an anonymous volume. */
  readonly source: string;
  /** The source for people: the whole entry as written when only the operator knows what it will be. */
  readonly text: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Docker makes a folder of a host path that is missing: short forms, and long ones that do not say otherwise. */
  readonly createsHostPath: boolean;
  /** Position in the service's `volumes`. */
  readonly index: number;
}

/** The mounts of a service. One that Compose cannot read is left out. */
export const mountsOf: (service: Pick<ServiceView, "spec" | "text" | "shown">) => readonly MountView[] = memoize(
  (service) => {
    return listOf(service.spec.volumes).flatMap((entry, index) => {
      if (isMap(entry)) {
        const type = service.text(entry.type);
        const creates = type === "bind" && service.text(mapOf(entry.bind).create_host_path) !== "false";
        return {
          type,
          source: service.text(entry.source),
          text: service.shown(entry.source),
          target: service.text(entry.target),
          readOnly: service.text(entry.read_only) === "true",
          createsHostPath: creates,
          index,
        };
      }
      try {
        const written = service.text(entry);
        const { type, source = "", target, read_only: readOnly = false } = parseVolume(written);
        const shown = service.shown(entry);
        const text = shown === written ? source : shown;
        return { type, source, text, target, readOnly, createsHostPath: type === "bind", index };
      } catch (error) {
        if (error instanceof VolumeError) return [];
        throw error;
      }
    });
  },
);
