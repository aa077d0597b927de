import { BIND, type Bindable, type Binding } from "./binding";
import { Resource } from "./resource";

/** Where a config or secret appears in a container, and whose it is there. */
export interface FileMountOptions {
  /**
   * Owner in the container.
   * @default "0"
   */
  readonly uid?: Bindable<string> | undefined;
  /**
   * Group in the container.
   * @default "0"
   */
  readonly gid?: Bindable<string> | undefined;
  /**
   * Permissions as a number, such as `0o444`.
   * @default 0o444
   */
  readonly mode?: Bindable<number> | undefined;
}

/** What configs and secrets have in common: a text that appears as a file in a container. */
export abstract class FileResource extends Resource {
  /** The file at a path of a container: an entry of a service's `configs` or `secrets`. */
  at(target: string, options: FileMountOptions = {}): Binding {
    const { uid, gid, mode } = options;
    return {
      [BIND]: (use) => {
        use.resource(this);
        return { source: this.name, target, uid, gid, mode };
      },
    };
  }
}
