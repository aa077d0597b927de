import type { ComposeValue, Scalar, YamlPath } from "../spec";
import type { Annotated } from "./annotated";
import type { ComposeConstruct } from "./compose-construct";
import type { EnvVar } from "./env-var";
import type { Resource } from "./resource";

/** The key of the method by which an object takes part in a document. */
export const BIND: unique symbol = Symbol.for("lamb-compose.bind");

/** Where a value is being used, and the way to say what it needs there. */
export interface Use {
  /** The construct whose value is rendered. */
  readonly construct: ComposeConstruct;
  /** Where in the file the value stands. */
  readonly path: YamlPath;
  /** The variable is mentioned here. */
  variable(variable: EnvVar): void;
  /** The volume, network, config or secret is mentioned here: the file declares it. */
  resource(resource: Resource): void;
  /** The volume is mounted here. */
  mount(mount: VolumeUse): void;
  /** Whether another service waits for the end of the one whose value this is: it runs once. */
  isJob(): boolean;
  /** The image is named here. Returns the name as it is to be written: by digest, when the synthesis has a lock. */
  image(name: string): string;
}

/** What is known of one mount of a volume. */
export interface VolumeUse {
  readonly volume: Resource;
  readonly readOnly: boolean;
  readonly reason?: string;
}

/**
 * An object that may stand in a document in place of a value: a variable, a mount, an image, a service. Where it is
 * used it renders itself, and registers what it needs: nobody declares a thing twice.
 */
export interface Binding {
  readonly [BIND]: (use: Use) => Input;
}

/** A value as programs write it: plain data in which bindings and tags may stand. */
export type Input = Scalar | undefined | Binding | Annotated | readonly Input[] | { readonly [key: string]: Input };

/** A type of the specification in which every value may also be a binding, a `reset()` or a `override()`. */
export type Bindable<T> =
  | Binding
  | Annotated
  | (ComposeValue extends T
      ? Input
      : T extends Scalar | undefined
        ? T
        : T extends readonly (infer Item)[]
          ? readonly Bindable<Item>[]
          : BindableProps<T>);

/** The same for the keys of one mapping. Free keys, such as names of variables, may be `undefined`: left out. */
export type BindableProps<T> = {
  readonly [Key in keyof T]: string extends Key ? Bindable<T[Key]> | undefined : Bindable<T[Key]>;
};

export function isBinding(value: unknown): value is Binding {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, BIND) === "function";
}
