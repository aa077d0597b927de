import type { Construct } from "constructs";
import type { VolumeSpec } from "../spec";
import { because } from "./annotated";
import { BIND, type Bindable, type BindableProps, type Binding, type Input, type Use } from "./binding";
import { brand } from "./brand";
import { Resource } from "./resource";

const [mark, isVolume] = brand<Volume>("Volume");

/** Every key of a top-level volume, as the specification names it. */
export type VolumeProps = BindableProps<VolumeSpec>;

/** How a volume is mounted. */
export interface MountOptions {
  /**
   * The service only reads.
   * @default false
   */
  readonly readOnly?: boolean | undefined;
  /**
   * Why this service writes a volume that another one writes too. Printed as a comment in the file and in the guide.
   * @default - none: a second writer is a finding
   */
  readonly reason?: string | undefined;
  /**
   * A folder inside the volume, which must exist.
   * @default - the whole volume
   */
  readonly subpath?: Bindable<string> | undefined;
  /**
   * Do not fill an empty volume with what the image has at the target.
   * @default false
   */
  readonly nocopy?: boolean | undefined;
}

/**
 * A named volume. It keeps its name as it is; Compose puts the project's name before it.
 *
 * @example
 * ```ts
 * const cache = new Volume(file, "cache");
 * new Service(file, "web", { image: "web:1", volumes: [cache.at("/var/cache", { readOnly: true })] });
 * ```
 * @see Compose Specification, chapter 7 (volumes)
 */
export class Volume extends Resource {
  static isVolume = isVolume;

  constructor(scope: Construct, id: string, props: VolumeProps = {}) {
    super(scope, id, "volumes", props);
    mark(this);
  }

  /** The volume mounted at a path of a container: an entry of a service's `volumes`. */
  at(target: string, options: MountOptions = {}): Binding {
    const copy = { ...options };
    return { [BIND]: (use) => this.mountedAt(target, copy, use) };
  }

  private mountedAt(target: string, { readOnly = false, reason, subpath, nocopy }: MountOptions, use: Use): Input {
    use.resource(this);
    use.mount({ volume: this, readOnly, ...(reason === undefined ? {} : { reason }) });
    const simple = subpath === undefined && nocopy === undefined && !target.includes(":");
    const mount: Input = simple
      ? `${this.name}:${target}${readOnly ? ":ro" : ""}`
      : {
          type: "volume",
          source: this.name,
          target,
          ...(readOnly ? { read_only: true } : {}),
          volume: { nocopy, subpath },
        };
    return reason === undefined ? mount : because(reason, mount);
  }
}
