import { commandLine } from "./command-line";
import { ComposeConstruct } from "./compose-construct";
import { FACT, type Fact } from "./facts";
import type { Service } from "./service";

/** What is looked at in a service, and what it means when it is not so. */
export interface ServiceCheckProps {
  /** What holds when all is well: "the queue is worked off". */
  readonly what: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do when it is not so: `restart the worker`. */
  readonly fix: string;
  /** Words of a command that runs in the container, changes nothing, and ends with 0 when all is well. */
  readonly command: readonly string[];
  /**
   * With an `error` the deployment does not work or will lose something; a `warning` is worth a look; `advice` is worth having.
   * @default "warning"
   */
  readonly severity?: "error" | "warning" | "advice" | undefined;
}

/**
 * A check of a stack's own, which `doctor` asks beside its others, in the container of a service that runs. What the command
 * prints is not shown: it could have secrets in it.
 *
 * ```ts
 * const worker = new Service(file, "worker", { image: "shop:1" });
 * new ServiceCheck(worker, "queue", {
 *   what: "the queue is worked off",
 *   why: "orders that wait for more than an hour are not paid",
 *   fix: "look into the log of the worker",
 *   command: ["shop", "queue", "--assert-age", "3600"],
 * });
 * ```
 */
export class ServiceCheck extends ComposeConstruct {
  private readonly fact: Fact;

  /** @throws ConstructError `command-words` */
  constructor(service: Service, id: string, { command, ...about }: ServiceCheckProps) {
    super(service, id);
    const value = { ...about, service: service.name, command: commandLine(command, this.node.path) };
    this.fact = { section: "checks", key: `${service.name} ${id}`, value };
  }

  /** What the commands know of it. @internal */
  [FACT](): Fact {
    return this.fact;
  }
}
