import type { Construct } from "constructs";
import { ComposeConstruct } from "./compose-construct";
import { ConstructError } from "./errors";
import { FACT, type Fact } from "./facts";

/** What `upgrade` must know of a release. */
export interface StackReleaseProps {
  /** Its version. */
  readonly version: string;
  /** All releases before it, oldest first. @default - none */
  readonly earlier?: readonly string[] | undefined;
  /**
   * Which of the earlier ones an upgrade from still earlier ones must not skip, and why: the end of a sentence that begins
   * with that version, such as `moves orders to tables that later releases read`.
   * @default - each can be skipped
   */
  readonly stops?: Readonly<Record<string, string>> | undefined;
  /**
   * What this release, and those before it, change in the data that releases before them cannot read any more: sentences,
   * by the release. `upgrade` says them, and `rollback --keep-data` does not go behind them.
   * @default - nothing
   */
  readonly oneWay?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * Why nobody should run it: the end of a sentence that begins with the version.
   * @default - it is good
   */
  readonly retracted?: string | undefined;
}

/**
 * Which release of a product a stack is of. `upgrade` compares what runs with the files that are to run: it refuses a
 * release that was retracted, one that is older, and a way that leaves out a required one, before anything is done.
 *
 * ```ts
 * new StackRelease(file, "shop", { version: "3.0", earlier: ["1.0", "2.0"], stops: { "2.0": "moves the orders" } });
 * ```
 */
export class StackRelease extends ComposeConstruct {
  private readonly props: StackReleaseProps;

  /** @throws ConstructError `release-order` when a release comes before itself, or what is said is of none of them */
  constructor(scope: Construct, id: string, props: StackReleaseProps) {
    super(scope, id);
    this.props = { ...props };
    const { version, earlier = [], stops = {}, oneWay = {} } = props;
    const unknown = [
      ...Object.keys(stops).filter((stop) => !earlier.includes(stop)),
      ...Object.keys(oneWay).filter((one) => one !== version && !earlier.includes(one)),
    ];
    if (!earlier.includes(version) && unknown.length === 0 && !earlier.some((one) => /\s/.test(one))) return;
    throw new ConstructError({
      code: "release-order",
      construct: this.node.path,
      value: JSON.stringify(unknown[0] ?? version),
      reason: "has no place in the order of the releases",
      fix: "list under `earlier` all releases before this one, oldest first and without white space, those of `stops` and `oneWay` among them",
    });
  }

  /** What the commands know of it. @internal */
  [FACT](): Fact {
    const { version, earlier = [], stops, oneWay, retracted } = this.props;
    const value = { version, earlier: earlier.join(" "), stops, oneWay, retracted };
    return { section: "releases", key: this.name, value };
  }
}
