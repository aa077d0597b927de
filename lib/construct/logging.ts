import type { IConstruct, IMixin } from "constructs";
import { Service } from "./service";

/** How much of its log each container keeps. */
export interface LoggingProps {
  /**
   * Size at which a log file is closed and the next one begun, as the engine writes it.
   * @default "10m"
   */
  readonly maxSize?: string | undefined;
  /**
   * How many files are kept for a container.
   * @default 5
   */
  readonly maxFiles?: number | undefined;
}

/**
 * A mixin that bounds the logs of every service below a construct which says nothing of its logging itself:
 * `stack.with(new Logging())`.
 *
 * @example
 * ```ts
 * app.with(new Logging({ maxSize: "20m", maxFiles: 3 }));
 * ```
 * @see Compose Specification, chapter 5 (services), `logging`
 */
export class Logging implements IMixin {
  private readonly options: { readonly [name: string]: string };

  constructor({ maxSize = "10m", maxFiles = 5 }: LoggingProps = {}) {
    this.options = { "max-size": maxSize, "max-file": String(maxFiles) };
  }

  supports(construct: IConstruct): construct is Service {
    return Service.isService(construct) && !construct.isOverride && !construct.has("logging");
  }

  applyTo(construct: IConstruct): void {
    if (this.supports(construct)) construct.set({ logging: { driver: "json-file", options: this.options } });
  }
}
